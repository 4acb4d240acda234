import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { createReachIndex, type ReachIndex } from '../../shared/policy/reach/reach-index.ts';
import { asEnforced, type Runs } from '../../shared/policy/reach/reach-world.ts';
import { type AppliedHead, listAppliedHeads } from '../db/bundle-store.ts';
import { readFactsStamp } from '../db/listening-store.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { listListeners } from './listeners.ts';
import { once } from './once.ts';
import { policyAsSent } from './plan-impact.ts';

export type ReachIndexes = {
  readonly compiled: CompiledDraft;
  readonly applied: ReadonlyMap<HostId, AppliedHead>;
  /** What each host was last confirmed to run, in its mode; a host that runs nothing of ours decides nothing. */
  readonly live: () => ReachIndex;
  /** As if the draft were pushed to every host that can have an agent, and every zone enforced. Hosts in no zone observe. */
  readonly draft: () => ReachIndex;
};

const kept = new WeakMap<BackendContext['workspace'], { readonly compiled: CompiledDraft; readonly key: string; readonly indexes: ReachIndexes }>();

/** Kept until the draft, the fleet, what hosts run or what listens there changes. */
export function readReachIndexes(ctx: BackendContext): ReachIndexes {
  const compiled = readCompiledDraft(ctx);
  const applied = listAppliedHeads(ctx.workspace.read);
  const key = `${readFactsStamp(ctx.workspace.read)} ${JSON.stringify([...applied].map(([host, { hash, version, mode }]) => [host, hash, version, mode]))}`;
  const known = kept.get(ctx.workspace);
  if (known?.compiled === compiled && known.key === key) return known.indexes;
  const indexes = makeIndexes(ctx, compiled, applied);
  kept.set(ctx.workspace, { compiled, key, indexes });
  return indexes;
}

function makeIndexes(ctx: BackendContext, compiled: CompiledDraft, applied: ReachIndexes['applied']): ReachIndexes {
  const { fleet: hosts, policy, zones } = compiled;
  const nowMs = ctx.nowMs();
  const listeners = once(() => listListeners(ctx));
  const listenersOf = (host: FleetHost) => listeners().get(host.id) ?? null;
  const drafted = asEnforced(policy);
  return {
    compiled,
    applied,
    live: once(() => createReachIndex({ hosts, nowMs, listenersOf, runsOn: createLiveReader(ctx, hosts, applied) })),
    draft: once(() => createReachIndex({ hosts, nowMs, listenersOf, runsOn: ({ id }): Runs => ({ policy: drafted, mode: (zones.get(id)?.zone ?? null) === null ? 'observe' : 'enforce' }) })),
  };
}

/** Versions are read with the labels that hosts have now, as a plan reads them. */
export function createLiveReader(ctx: BackendContext, hosts: readonly FleetHost[], applied: ReachIndexes['applied']): (host: FleetHost) => Runs | null {
  const policies = new Map<PolicyVersionId | null, Policy>();
  const policyOf = (version: PolicyVersionId | null): Policy => {
    const policy = policies.get(version) ?? policyAsSent(ctx, version, hosts);
    policies.set(version, policy);
    return policy;
  };
  return ({ id }) => {
    const head = applied.get(id);
    return head === undefined ? null : { policy: policyOf(head.version), mode: head.mode };
  };
}
