import { createHash } from 'node:crypto';
import { isInForce } from '../../shared/model/containment.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { createBatchJudge, readJudgedSite } from '../../shared/policy/batch-judge.ts';
import type { NameAnswers } from '../../shared/policy/name-answers.ts';
import type { FlowJudgement, JudgedFlow } from '../../shared/policy/judge-flow.ts';
import { createResolver, type Resolver } from '../../shared/policy/resolve.ts';
import { type Fleet, readFleet as readAddresses } from '../../shared/policy/simulate-match.ts';
import { readSite } from '../../shared/policy/simulate.ts';
import { type ZoneOfHost, zoneOfHosts } from '../../shared/policy/zones.ts';
import { readLedgerRevision } from '../db/name-ledger-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readDraft } from './draft.ts';
import { listFleet } from './fleet.ts';
import { once } from './once.ts';
import { type HostBundle, makeDraftBundles, toUtcDay } from './plan-bundles.ts';
import { resolvePolicy } from './resolved-policy.ts';

/** Everything that is derived from the draft and the fleet together; each part is made when first asked for. */
export type CompiledDraft = {
  /** As people wrote it: what is shown for editing, compared and stored. */
  readonly written: Policy;
  /** The same with the addresses that names in IP lists have now: what is compiled and judged. */
  readonly policy: Policy;
  /** What each name means, and why. */
  readonly names: readonly NameAnswers[];
  readonly fleet: readonly FleetHost[];
  /** sha256 of the fleet as JSON, hex. */
  readonly fleetHash: string;
  readonly hosts: ReadonlyMap<HostId, FleetHost>;
  readonly zones: Map<HostId, ZoneOfHost>;
  /** What each managed host would be sent; null where the draft does not compile. */
  bundles(): Map<HostId, HostBundle> | null;
  resolver(): Resolver;
  /** What the draft would do with a flow at its reporter. */
  judge(flow: JudgedFlow): FlowJudgement;
  /** The same as if every host enforced and restricted outbound: allowed means that some rule (or the essential block) says so. */
  explain(flow: JudgedFlow): FlowJudgement;
};

type Known = { key: string; ledgerRevision: number; compiled: CompiledDraft; stamp: string };
const compiledDrafts = new WeakMap<BackendContext['workspace'], Known>();

/** Another text whenever what follows may find another key. Reading a fleet of thousands to see that it is the same would be most of a call's time. */
const stampOf = (ctx: BackendContext, policy: Policy): string => `${ctx.workspace.changeStamp()} ${toUtcDay(ctx.nowMs())} ${liveContainments(ctx, policy)}`;
const liveContainments = (ctx: BackendContext, policy: Policy): string => policy.containments.filter((containment) => isInForce(containment, ctx.nowMs())).map(({ id }) => id).join(' ');

/** Kept until the draft, the fleet, the ledger of names or the day (rules expire, answers grow old) changes, or a containment ends. */
export function readCompiledDraft(ctx: BackendContext): CompiledDraft {
  const kept = compiledDrafts.get(ctx.workspace);
  if (kept !== undefined && kept.stamp === stampOf(ctx, kept.compiled.written)) return kept.compiled;
  const { policy, revision } = readDraft(ctx);
  const stamp = stampOf(ctx, policy);
  const { fleet, fleetHash } = readFleet(ctx);
  const todayUtc = toUtcDay(ctx.nowMs());
  const key = `${revision} ${todayUtc} ${liveContainments(ctx, policy)} ${fleetHash}`;
  const ledgerRevision = readLedgerRevision(ctx.workspace.read);
  const known = compiledDrafts.get(ctx.workspace);
  if (known?.key === key && known.ledgerRevision === ledgerRevision) {
    compiledDrafts.set(ctx.workspace, { ...known, stamp });
    return known.compiled;
  }
  const resolved = resolvePolicy(ctx, policy, fleet);
  // Most answers say again what is known: who saw it when is new then, and nothing that was compiled.
  const isSame = known?.key === key && JSON.stringify(known.compiled.policy.ipLists) === JSON.stringify(resolved.policy.ipLists);
  const compiled = isSame ? { ...known.compiled, names: resolved.names } : compileDraft(ctx, policy, resolved, { fleet, fleetHash });
  compiledDrafts.set(ctx.workspace, { key, ledgerRevision, compiled, stamp });
  return compiled;
}

/** The same for another policy, as if it were the draft; nothing is kept. `known`: the fleet of now, where the caller has it. */
export function compileInstead(ctx: BackendContext, policy: Policy, known: Pick<CompiledDraft, 'fleet' | 'fleetHash'> = readFleet(ctx)): CompiledDraft {
  return compileDraft(ctx, policy, resolvePolicy(ctx, policy, known.fleet), known);
}

function readFleet(ctx: BackendContext): Pick<CompiledDraft, 'fleet' | 'fleetHash'> {
  const fleet = listFleet(ctx);
  return { fleet, fleetHash: hashFleet(fleet) };
}

const hashFleet = (fleet: readonly FleetHost[]): string => createHash('sha256').update(JSON.stringify(fleet)).digest('hex');

function compileDraft(ctx: BackendContext, written: Policy, { policy, names }: ReturnType<typeof resolvePolicy>, { fleet, fleetHash }: Pick<CompiledDraft, 'fleet' | 'fleetHash'>): CompiledDraft {
  const nowMs = ctx.nowMs();
  const zones = zoneOfHosts(policy, fleet, readOnce(fleet).select);
  const judged = once(() => readJudgedSite(policy, fleet, nowMs, readSite(policy, fleet, nowMs, readOnce(fleet), zones)));
  const judge = once(() => createBatchJudge(policy, fleet, { nowMs }, judged()));
  const explainer = once(() => createBatchJudge(policy, fleet, { nowMs, assume: 'all-restricted' }, judged()));
  return {
    written,
    policy,
    names,
    fleet,
    fleetHash,
    hosts: new Map(fleet.map((host) => [host.id, host])),
    zones,
    bundles: once(() => bundlesOrNull(ctx, policy, fleet)),
    resolver: once(() => createResolver(policy, fleet)),
    judge: (flow) => judge()(flow),
    explain: (flow) => explainer()(flow),
  };
}

/** Addresses as numbers, and who has which label, for each policy that is judged for the same fleet. */
const readFleets = new WeakMap<readonly FleetHost[], Fleet>();
function readOnce(fleet: readonly FleetHost[]): Fleet {
  const read = readFleets.get(fleet) ?? readAddresses(fleet);
  readFleets.set(fleet, read);
  return read;
}

/** A restored version can name a zone or list that its rules lost; the plan refuses it with the reason, a list of hosts need not fail for it. */
function bundlesOrNull(ctx: BackendContext, policy: Policy, fleet: readonly FleetHost[]): Map<HostId, HostBundle> | null {
  try {
    return makeDraftBundles(ctx, policy, fleet);
  } catch {
    return null;
  }
}
