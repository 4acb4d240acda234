import { createHash } from 'node:crypto';
import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { createFlowJudge, type FlowJudgement, type JudgedFlow } from '../../shared/policy/judge-flow.ts';
import { createResolver, type Resolver } from '../../shared/policy/resolve.ts';
import { type ZoneOfHost, zoneOfHosts } from '../../shared/policy/zones.ts';
import type { BackendContext } from './backend-context.ts';
import { readDraft } from './draft.ts';
import { listFleet } from './fleet.ts';
import { once } from './once.ts';
import { type HostBundle, makeBundles, toUtcDay } from './plan-bundles.ts';

/** Everything that is derived from the draft and the fleet together; each part is made when first asked for. */
export type CompiledDraft = {
  readonly policy: Policy;
  readonly fleet: readonly FleetHost[];
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

const compiledDrafts = new WeakMap<BackendContext['workspace'], { key: string; compiled: CompiledDraft }>();

/** Kept until the draft, the fleet or the day (rules expire) changes. */
export function readCompiledDraft(ctx: BackendContext): CompiledDraft {
  const { policy, revision } = readDraft(ctx);
  const fleet = listFleet(ctx);
  const todayUtc = toUtcDay(ctx.nowMs());
  const key = `${revision} ${todayUtc} ${createHash('sha256').update(JSON.stringify(fleet)).digest('hex')}`;
  const known = compiledDrafts.get(ctx.workspace);
  if (known?.key === key) return known.compiled;
  const compiled = compileDraft(policy, fleet, ctx.nowMs());
  compiledDrafts.set(ctx.workspace, { key, compiled });
  return compiled;
}

function compileDraft(policy: Policy, fleet: readonly FleetHost[], nowMs: number): CompiledDraft {
  const judge = once(() => createFlowJudge(policy, fleet, { nowMs }));
  const explainer = once(() => createFlowJudge(policy, fleet, { nowMs, assume: 'all-restricted' }));
  return {
    policy,
    fleet,
    hosts: new Map(fleet.map((host) => [host.id, host])),
    zones: zoneOfHosts(policy, fleet),
    bundles: once(() => bundlesOrNull(policy, fleet, nowMs)),
    resolver: once(() => createResolver(policy, fleet)),
    judge: (flow) => judge()(flow),
    explain: (flow) => explainer()(flow),
  };
}

/** A restored version can name a zone or list that its rules lost; the plan refuses it with the reason, a list of hosts need not fail for it. */
function bundlesOrNull(policy: Policy, fleet: readonly FleetHost[], nowMs: number): Map<HostId, HostBundle> | null {
  try {
    return makeBundles(policy, fleet, { policyVersion: 0, nowMs });
  } catch {
    return null;
  }
}
