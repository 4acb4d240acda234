import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { HostRuleset } from '../../shared/policy/host-ruleset.ts';
import { findBundle, listHostPolicies, type StoredBundle } from '../db/bundle-store.ts';
import { type HostState, listHostStates } from '../db/host-state-store.ts';
import type { BackendContext } from './backend-context.ts';
import type { HostBundle } from './plan-bundles.ts';
import { parseRulesetJson } from './plan-ruleset-json.ts';

/** A host as a push would change it. `formerBundle` null: not known, not ours, or changed by something else; it is sent again then. */
export type PlannedHost = { after: HostBundle; formerBundle: string | null; former: StoredBundle | null; formerRuleset: HostRuleset | null };

/** `withoutAgent`: hosts of the scope that nothing can be pushed to; `failing`: those whose last contact failed. By name. */
export type PlanScope = { hosts: PlannedHost[]; withoutAgent: FleetHost[]; failing: FleetHost[] };

/**
 * The hosts that a push is for: those that have an agent and are in the zone (all, when `zone` is null), or still run the zone's rules
 * although they have left it.
 */
export function findScope(ctx: BackendContext, fleet: readonly FleetHost[], bundles: ReadonlyMap<HostId, HostBundle>, zone: string | null): PlanScope {
  const { read } = ctx.workspace;
  const states = new Map(listHostStates(read).map((state) => [state.host, state]));
  const applied = new Map(listHostPolicies(read).map((policy) => [policy.host, policy.appliedBundle]));
  const scope: PlanScope = { hosts: [], withoutAgent: [], failing: [] };
  for (const host of fleet) {
    const after = bundles.get(host.id);
    if (after === undefined) continue;
    const state = states.get(host.id);
    const appliedBundle = applied.get(host.id);
    if (appliedBundle === undefined || isWithoutAgent(state)) {
      if (zone === null || after.zone === zone) scope.withoutAgent.push(host);
      continue;
    }
    const formerBundle = findRunning(host.id, state, appliedBundle);
    const former = (formerBundle === null ? undefined : findBundle(read, host.id, formerBundle)) ?? null;
    if (zone !== null && after.zone !== zone && former?.zone !== zone) continue;
    scope.hosts.push({ after, formerBundle, former, formerRuleset: former === null ? null : parseRulesetJson(former.rulesetJson) });
    if (state?.lastError != null) scope.failing.push(host);
  }
  return scope;
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
