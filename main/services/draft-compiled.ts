import { createHash } from 'node:crypto';
import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { Policy, Zone } from '../../shared/model/policy.ts';
import { createResolver, type Resolver } from '../../shared/policy/resolve.ts';
import { createSimulator, type Simulator } from '../../shared/policy/simulate.ts';
import { type ZoneOfHost, zoneOfHosts } from '../../shared/policy/zones.ts';
import type { BackendContext } from './backend-context.ts';
import { readDraft } from './draft.ts';
import { listFleet } from './fleet.ts';
import { type HostBundle, makeBundles, toUtcDay } from './plan-bundles.ts';

/** Everything that is derived from the draft and the fleet together; each part is made when first asked for. */
export type CompiledDraft = {
  readonly policy: Policy;
  readonly fleet: readonly FleetHost[];
  readonly zones: Map<HostId, ZoneOfHost>;
  /** What each managed host would be sent; null where the draft does not compile. */
  bundles(): Map<HostId, HostBundle> | null;
  resolver(): Resolver;
  /** The draft as it is. */
  simulator(): Simulator;
  /** The draft as if every host were in a zone that enforces: which rule, if any, explains a connection. */
  explainer(): Simulator;
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
  const compiled = compileDraft(policy, fleet, todayUtc, ctx.nowMs());
  compiledDrafts.set(ctx.workspace, { key, compiled });
  return compiled;
}

function compileDraft(policy: Policy, fleet: readonly FleetHost[], todayUtc: string, nowMs: number): CompiledDraft {
  return {
    policy,
    fleet,
    zones: zoneOfHosts(policy, fleet),
    bundles: once(() => bundlesOrNull(policy, fleet, nowMs)),
    resolver: once(() => createResolver(policy, fleet)),
    simulator: once(() => createSimulator(policy, fleet, { todayUtc })),
    explainer: once(() => createSimulator(asIfEnforced(policy), fleet, { todayUtc })),
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

/** Selects every host that no zone does: `key!=value` also matches where the key is missing. */
const EVERYBODY_ELSE: Zone = {
  name: 'no-zone',
  select: { include: [{ terms: [{ key: 'firebreak.no-zone', op: '!=', values: ['x'] }] }], exclude: [] },
  mode: 'enforce',
  outbound: 'open',
  note: '',
};

function asIfEnforced(policy: Policy): Policy {
  return { ...policy, zones: [...policy.zones.map((zone): Zone => ({ ...zone, mode: 'enforce' })), EVERYBODY_ELSE] };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
