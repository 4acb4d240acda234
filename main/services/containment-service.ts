import { createHash } from 'node:crypto';
import type { ContainmentOrder } from '../../shared/contract/containment.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { Plan, Push } from '../../shared/model/diff.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { describeContainmentBriefly } from '../../shared/policy/describe-containment.ts';
import { diffHostRulesets } from '../../shared/policy/diff-host.ts';
import { diffPolicy } from '../../shared/policy/diff-policy.ts';
import { findVersionEvidence } from '../db/evidence-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { findNewestVersion, insertVersion } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { policyOfVersion } from './containment-base.ts';
import { listContainmentNotes, listContainmentRefusals } from './containment-notes.ts';
import { type ContainedHost, type ResolvedOrder, resolveOrder } from './containment-order.ts';
import { editDraftWithin, readBasePolicy } from './draft.ts';
import { compileInstead } from './draft-compiled.ts';
import { listFleet } from './fleet.ts';
import { toBundle } from './plan-bundles.ts';
import { computeImpact, policyAsSent } from './plan-impact.ts';
import { findScope, type PlannedHost } from './plan-scope.ts';
import { canonicalJson, hashPolicy } from './policy-hash.ts';
import { beginPush, findRunningPush } from './push-start.ts';
import { markInterruptedPushes } from './reconcile-service.ts';

type PlannedContainment = { plan: Plan; resolved: ResolvedOrder; hosts: readonly (PlannedHost & ContainedHost)[] };

/**
 * What the order would change, in the three layers of any plan: in the policy, on its hosts, of what was seen. Unpushed edits of the draft have no part in it, and
 * neither have policy tests and readiness: an emergency does not wait for them. Connects to nothing.
 * @throws NOT_FOUND · INPUT_INVALID
 */
export const planContainment = (ctx: BackendContext, order: ContainmentOrder): Plan => prepare(ctx, order).plan;

function prepare(ctx: BackendContext, order: ContainmentOrder): PlannedContainment {
  const fleet = listFleet(ctx);
  const resolved = resolveOrder(ctx, fleet, order);
  const contained = new Map<HostId, ContainedHost>(resolved.hosts.map((one) => [one.host.id, one]));
  const bundles = new Map(resolved.hosts.map(({ host, next }) => [host.id, toBundle(host, next, 0)]));
  const scope = findScope(ctx, fleet, bundles, null);
  const hosts = scope.hosts.flatMap((planned): (PlannedHost & ContainedHost)[] => {
    const one = contained.get(planned.after.host.id);
    return one === undefined ? [] : [{ ...planned, ...one, formerRuleset: one.running }];
  });
  const base = readBasePolicy(ctx);
  const impact = [...Map.groupBy(hosts, ({ head }) => head.version)].map(([version, changed]) => {
    // The names of lists mean what they meant when they were sent: answers that changed since are no part of the order.
    const draft = { ...compileInstead(ctx, resolved.apply(policyOfVersion(ctx, version))), policy: resolved.apply(policyAsSent(ctx, version, fleet)) };
    return computeImpact(ctx, { draft, changed });
  });
  const unreached = [...resolved.unreached, ...scope.withoutAgent];
  const plan: Plan = {
    hash: hashOrder(order, resolved, hosts),
    baseVersion: findNewestVersion(ctx.workspace.read)?.id ?? null,
    policyDiff: diffPolicy(base, resolved.apply(base)),
    hosts: hosts.map(toHostDiff),
    impact: impact.flatMap(({ rows }) => rows),
    impactTotal: impact.reduce((sum, { total }) => sum + total, 0),
    refusals: listContainmentRefusals(ctx, fleet, resolved),
    warnings: listContainmentNotes(ctx, fleet, { ...resolved, unreached, rebuilt: scope.rebuilt }),
    brokenTests: [],
    // An emergency does not wait for one.
    windows: [],
  };
  return { plan, resolved, hosts };
}

const toHostDiff = ({ host, running, next, after, formerBundle }: PlannedHost & ContainedHost): Plan['hosts'][number] => ({
  host: host.id,
  hostName: host.name,
  zone: next.zone,
  modeBefore: running.mode,
  modeAfter: next.mode,
  rows: diffHostRulesets(running, next),
  bundleBefore: formerBundle,
  bundleAfter: after.hash,
});

/** Neither the id nor the instants, which the order makes anew, nor the reason, which changes nothing; but who is spared, as more may have been recorded since the plan was shown. */
function hashOrder(order: ContainmentOrder, { containment }: ResolvedOrder, hosts: PlannedContainment['hosts']): string {
  const state = hosts.map(({ host, formerBundle, head }) => [host.id, formerBundle, head.hash]);
  return createHash('sha256').update(canonicalJson({ order: { ...order, reason: '' }, except: containment.kind === 'close' ? containment.except : [], state })).digest('hex');
}

export type ContainmentInput = { order: ContainmentOrder; planHash: string; confirmWithinSeconds: number };

/**
 * Carries the order out as it was planned: it becomes part of the draft and of a new version, and each host that it is about gets it by check, load, prove and
 * confirm. Gives the push each time it changes; it goes on when nobody watches.
 * @throws PUSH_RUNNING · PLAN_STALE · PLAN_REFUSED · NOT_FOUND · INPUT_INVALID; nothing is stored or sent then
 */
export function startContainment(ctx: BackendContext, { order, planHash, confirmWithinSeconds }: ContainmentInput): AsyncGenerator<Push, void, void> {
  markInterruptedPushes(ctx);
  const running = findRunningPush(ctx.workspace.read);
  if (running !== undefined) throw new FirebreakError('PUSH_RUNNING', { push: running.id });
  const { plan, resolved, hosts } = prepare(ctx, order);
  if (plan.hash !== planHash) throw new FirebreakError('PLAN_STALE', { planned: planHash.slice(0, 12), current: plan.hash.slice(0, 12) });
  if (plan.refusals.length > 0) throw new FirebreakError('PLAN_REFUSED', { refusals: plan.refusals });
  const note = describeOrder(order, resolved);
  const versionOf = new Map<HostId, PolicyVersionId>();
  return beginPush(ctx, {
    kind: 'push',
    sessions: { choice: 'keep' },
    note,
    confirmWithinSeconds,
    isPolicyNew: true,
    members: hosts.map(({ after, formerBundle }) => ({ bundle: after, formerBundle })),
    // Draft, versions and push in one transaction: an order that cannot begin must not lie in the draft as if it had.
    version: (tx) => {
      const change = { action: `containments.${order.kind}`, subject: resolved.subject, detail: note };
      const { byBase, newest } = editDraftWithin(ctx, tx, change, (draft) => ({ policy: resolved.apply(draft), result: makeVersions(ctx, tx, resolved, { hosts, note }) }));
      for (const { host, head } of hosts) versionOf.set(host.id, byBase.get(head.version) ?? newest);
      return newest;
    },
    versionOf,
  });
}

/**
 * One version for each that its hosts run, with the order: a host that runs an older one must not be said to run the newest. The newest policy with the order comes
 * last, so that it stays the one that the draft is compared with.
 */
function makeVersions(ctx: BackendContext, tx: WriteDb, { apply }: ResolvedOrder, { hosts, note }: { hosts: PlannedContainment['hosts']; note: string }): { byBase: Map<PolicyVersionId | null, PolicyVersionId>; newest: PolicyVersionId } {
  const head = findNewestVersion(tx);
  const before = head?.id ?? null;
  // No zone moves, so each version stands on the evidence of the one that it is made of.
  const insert = (policy: Policy, about: string, of: PolicyVersionId | null) =>
    insertVersion(tx, { hash: hashPolicy(policy), author: ctx.user, note: about, createdAtMs: ctx.nowMs(), policy, evidence: of === null ? {} : findVersionEvidence(tx, of) }).id;
  const bases = [...new Set(hosts.map(({ head }) => head.version))].filter((version) => version !== before);
  const byBase = new Map<PolicyVersionId | null, PolicyVersionId>(bases.map((version) => [version, insert(apply(policyOfVersion(ctx, version)), `${note} (for hosts that run ${version === null ? 'no version yet' : `version ${version}`})`, version)]));
  const policy = apply(policyOfVersion(ctx, before));
  // Releasing what has ended, and was only in the draft, leaves the newest version as it is.
  const newest = head !== undefined && byBase.size === 0 && head.hash === hashPolicy(policy) ? head.id : insert(policy, note, before);
  byBase.set(before, newest);
  return { byBase, newest };
}

const describeOrder = ({ kind, reason }: ContainmentOrder, { containment }: ResolvedOrder): string =>
  kind === 'release' ? `release of ${describeContainmentBriefly(containment)} (${containment.id}): ${reason}` : `${describeContainmentBriefly(containment)} (${containment.id})`;
