import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { HostRuleset } from '../../shared/policy/host-ruleset.ts';
import { type AppliedHead, findBundle, findBundleHead, listAppliedHeads } from '../db/bundle-store.ts';
import { listHosts } from '../db/host-store.ts';
import { type HostState, listHostStates } from '../db/host-state-store.ts';
import type { BackendContext } from './backend-context.ts';
import { isRebuilt, readIdentities } from './identity-book.ts';
import type { HostBundle } from './plan-bundles.ts';
import { parseRulesetJson } from './plan-ruleset-json.ts';

/** A host as a push would change it. `formerRuleset` is that of the new bundle where both are the same. `formerBundle` null: not known, not ours, or changed by something else; it is sent again then. */
export type PlannedHost = { after: HostBundle; formerBundle: string | null; former: AppliedHead | null; formerRuleset: HostRuleset | null };

/** `carried`: hosts that are reached by stick, and that a push leaves out; `withoutAgent`: others that nothing can be pushed to; `rebuilt`: those where another machine answers than before, which nothing is sent to until somebody says that it is the host; `failing`: those whose last contact failed. By name. */
export type PlanScope = { hosts: PlannedHost[]; carried: PlannedHost[]; withoutAgent: FleetHost[]; rebuilt: FleetHost[]; failing: FleetHost[] };

/**
 * The hosts that a push is for: those that have an agent and are in the zone (all, when `zone` is null), or still run the zone's rules
 * although they have left it.
 */
export function findScope(ctx: BackendContext, fleet: readonly FleetHost[], bundles: ReadonlyMap<HostId, HostBundle>, zone: string | null): PlanScope {
  const { read } = ctx.workspace;
  const states = new Map(listHostStates(read).map((state) => [state.host, state]));
  const applied = listAppliedHeads(read);
  const scope: PlanScope = { hosts: [], carried: [], withoutAgent: [], rebuilt: [], failing: [] };
  const identities = readIdentities(ctx);
  const carried = new Set(listHosts(read).flatMap((host) => (host.carried ? [host.id] : [])));
  for (const host of fleet) {
    const after = bundles.get(host.id);
    if (after === undefined) continue;
    const state = states.get(host.id);
    const head = applied.get(host.id);
    if (carried.has(host.id)) {
      const runs = head === undefined || isWithoutAgent(state) ? null : head;
      if (zone === null || after.zone === zone || runs?.zone === zone) scope.carried.push({ after, formerBundle: runs?.hash ?? null, former: runs, formerRuleset: runs === null ? null : readRuleset(ctx, host.id, runs.hash) });
      continue;
    }
    if (head === undefined || isWithoutAgent(state)) {
      if (zone === null || after.zone === zone) scope.withoutAgent.push(host);
      continue;
    }
    if (isRebuilt(identities, host.id)) {
      if (zone === null || after.zone === zone || head.zone === zone) scope.rebuilt.push(host);
      continue;
    }
    const formerBundle = findRunning(host.id, state, head.hash);
    const former = formerBundle === head.hash ? head : ((formerBundle === null ? undefined : findBundleHead(read, host.id, formerBundle)) ?? null);
    if (zone !== null && after.zone !== zone && former?.zone !== zone) continue;
    scope.hosts.push({ after, formerBundle, former, formerRuleset: former === null ? null : former.hash === after.hash ? after.ruleset : readRuleset(ctx, host.id, former.hash) });
    if (state?.lastError != null) scope.failing.push(host);
  }
  return scope;
}

type Rulesets = Map<HostId, { hash: string; ruleset: HostRuleset | null }>;
const formerRulesets = new WeakMap<BackendContext['workspace'], Rulesets>();

/** What a host runs stays the same from edit to edit of the draft, and a stored bundle never changes; the last one of each host is kept. */
function readRuleset(ctx: BackendContext, host: HostId, hash: string): HostRuleset | null {
  const rulesets: Rulesets = formerRulesets.get(ctx.workspace) ?? new Map();
  formerRulesets.set(ctx.workspace, rulesets);
  const known = rulesets.get(host);
  if (known?.hash === hash) return known.ruleset;
  const stored = findBundle(ctx.workspace.read, host, hash);
  const ruleset = stored === undefined ? null : parseRulesetJson(stored.rulesetJson);
  rulesets.set(host, { hash, ruleset });
  return ruleset;
}

/** It was asked, and no agent answered: somebody removed it, or the machine was made anew. */
const isWithoutAgent = (state: HostState | undefined): boolean => state !== undefined && state.statusAtMs !== null && state.status === null;

/**
 * What the host is known to run: what it last said, else what it last confirmed to us. Null when its rules are not loaded, or are not
 * those that were loaded, or the agent there is not ours.
 */
function findRunning(host: HostId, state: HostState | undefined, appliedBundle: string): string | null {
  const status = state?.status;
  if (status == null) return appliedBundle;
  if (status.hostId !== host || !status.loaded || status.kernelHash !== status.expectedKernelHash) return null;
  // With something pending, the confirmed bundle is what it will run.
  return status.pending === null && status.runningBundle !== status.confirmedBundle ? null : status.confirmedBundle;
}
