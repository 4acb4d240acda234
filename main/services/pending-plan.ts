import { createHash } from 'node:crypto';
import type { Plan } from '../../shared/model/diff.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import { findBundle } from '../db/bundle-store.ts';
import { listHostWaits, type StoredWait } from '../db/host-wait-store.ts';
import { listHosts } from '../db/host-store.ts';
import { findNewestVersion } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { policyOfVersion } from './containment-base.ts';
import { compileInstead } from './draft-compiled.ts';
import { listFleet } from './fleet.ts';
import { createFormerOwner } from './identity-plan.ts';
import { listPlanWindows } from './maintenance.ts';
import type { HostBundle } from './plan-bundles.ts';
import { computeImpact, policyAsSent } from './plan-impact.ts';
import { findScope, type PlannedHost, type PlanScope } from './plan-scope.ts';
import { listRefusals, toHostDiff } from './plan-service.ts';
import { listWarnings } from './plan-warnings.ts';
import { canonicalJson } from './policy-hash.ts';
import { toStoredBundle } from './stored-rules.ts';

export type PendingHost = PlannedHost & { readonly wait: StoredWait };
export type PreparedPending = { plan: Plan; hosts: readonly PendingHost[] };

type Pending = { readonly scope: PlanScope; readonly hosts: readonly PendingHost[] };

/** Hosts that wait, are reached over SSH and have an agent (those in `only`, where given), as sending them what they wait for would change them. By name. */
export function findPending(ctx: BackendContext, only?: ReadonlySet<HostId>): Pending {
  const fleet = listFleet(ctx);
  const waits = listHostWaits(ctx.workspace.read);
  const reached = new Set(listHosts(ctx.workspace.read).flatMap(({ id, ssh }) => (ssh === null ? [] : [id])));
  const bundles = new Map<HostId, HostBundle>();
  for (const host of fleet) {
    const wait = waits.get(host.id);
    const stored = wait === undefined || !reached.has(host.id) || only?.has(host.id) === false ? undefined : findBundle(ctx.workspace.read, host.id, wait.bundle);
    if (stored !== undefined) bundles.set(host.id, toStoredBundle(ctx, fleet, host, stored));
  }
  const scope = findScope(ctx, fleet, bundles, null);
  const hosts = scope.hosts.flatMap((host): PendingHost[] => {
    const wait = waits.get(host.after.host.id);
    return wait === undefined ? [] : [{ ...host, wait }];
  });
  return { scope, hosts };
}

/** What sending waiting hosts (those in `only`, where given) the version that they wait for would change: as any plan, but of versions that were pushed and not of the draft. Connects to nothing. */
export function preparePending(ctx: BackendContext, only?: ReadonlySet<HostId>): PreparedPending {
  const { scope, hosts } = findPending(ctx, only);
  const parts = [...Map.groupBy(hosts, ({ wait }) => wait.version)].map(([version, group]) => planVersion(ctx, version, group));
  const formerOwner = createFormerOwner(ctx);
  const plan: Plan = {
    hash: createHash('sha256').update(canonicalJson(hosts.map(({ after, formerBundle, wait }) => [after.host.id, formerBundle, after.hash, wait.version]))).digest('hex'),
    baseVersion: findNewestVersion(ctx.workspace.read)?.id ?? null,
    // It was part of the push that left them out.
    policyDiff: [],
    hosts: hosts.map((host) => toHostDiff(host, formerOwner)),
    impact: parts.flatMap(({ impact }) => impact.rows),
    impactTotal: parts.reduce((sum, { impact }) => sum + impact.total, 0),
    refusals: parts.flatMap(({ refusals }) => refusals),
    warnings: hosts.length === 0 ? [] : listWarnings(ctx, scope),
    // They held when the version was pushed.
    brokenTests: [],
    windows: listPlanWindows(ctx, hosts),
  };
  return { plan, hosts };
}

function planVersion(ctx: BackendContext, version: PolicyVersionId, hosts: readonly PendingHost[]): { impact: ReturnType<typeof computeImpact>; refusals: Plan['refusals'] } {
  const draft = compileInstead(ctx, policyOfVersion(ctx, version));
  const changed = hosts.filter(({ after, formerBundle }) => after.hash !== formerBundle);
  // The names of lists mean what they meant when they were sent.
  const sent = { ...draft, policy: policyAsSent(ctx, version, draft.fleet) };
  return { impact: computeImpact(ctx, { draft: sent, changed }), refusals: listRefusals(ctx, sent.policy, draft.fleet, { hosts: [...hosts] }) };
}
