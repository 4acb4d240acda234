import type { HostChoice } from '../../shared/contract/host-choice.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { Push } from '../../shared/model/diff.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import { EMPTY_POLICY } from '../../shared/model/policy.ts';
import { findBundle, findHostPolicy } from '../db/bundle-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import { listFormerBundles, listPushes } from '../db/push-store.ts';
import { findNewestVersion, insertVersion } from '../db/version-store.ts';
import type { WriteDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { listChosenHosts } from './find-host.ts';
import { listFleet } from './fleet.ts';
import { hashPolicy } from './policy-hash.ts';
import { beginPush } from './push-start.ts';
import type { PushMember } from './push-world.ts';
import { type Deployment, findRollbackTarget } from './rollback-target.ts';
import { asStored, rulesetOf, toStoredBundle } from './stored-rules.ts';

const MAX_HISTORY = 1000;

export type RollbackInput = { hosts: HostChoice; note: string; confirmWithinSeconds: number };

/**
 * Takes each chosen host back to what it ran before its last push: a push like any other, armed, proved and confirmed. The draft stays
 * as it is. Hosts without anything to go back to are left alone; a push that changed none of the chosen ones is passed over.
 * @throws NOT_FOUND · NOTHING_TO_ROLL_BACK when that is so for all · PUSH_RUNNING
 */
export function startRollback(ctx: BackendContext, input: RollbackInput): AsyncGenerator<Push, void, void> {
  const fleet = listFleet(ctx);
  const history = listDeployments(ctx);
  const hosts = listChosenHosts(ctx, input.hosts).map((record) => ({ record, deployments: history.get(record.id) ?? [] }));
  const steps = findSteps(hosts.length === 0 ? 0 : Math.max(...hosts.map(({ deployments }) => deployments.length)), (back) =>
    hosts.flatMap(({ record, deployments }) => toStep(ctx, fleet, record, { deployments, back })),
  );
  return beginPush(ctx, {
    kind: 'rollback',
    sessions: { choice: 'keep' },
    note: input.note,
    confirmWithinSeconds: input.confirmWithinSeconds,
    members: steps.map((step) => step.member),
    version: (tx) => chooseVersion(ctx, tx, steps),
  });
}

type Step = { member: PushMember; version: PolicyVersionId | null };

/** Behind the newest push that changed any of the hosts; all hosts go back the same number of pushes. */
function findSteps(mostPushes: number, stepsBack: (back: number) => Step[]): Step[] {
  for (let back = 1; back <= mostPushes; back += 1) {
    const steps = stepsBack(back);
    if (steps.some(({ member }) => member.formerBundle !== member.bundle.hash)) return steps;
  }
  throw new FirebreakError('NOTHING_TO_ROLL_BACK', {});
}

function toStep(ctx: BackendContext, fleet: readonly FleetHost[], record: HostRecord, { deployments, back }: { deployments: readonly Deployment[]; back: number }): Step[] {
  const host = fleet.find((candidate) => candidate.id === record.id);
  const applied = findHostPolicy(ctx.workspace.read, record.id)?.appliedBundle;
  if (host === undefined || applied === undefined) return [];
  const target = findRollbackTarget(deployments, applied, back) ?? applied;
  const stored = findBundle(ctx.workspace.read, record.id, target);
  if (stored === undefined) return [];
  const bundle = target === applied ? asStored(host, stored, rulesetOf(stored, host)) : toStoredBundle(ctx, fleet, host, stored);
  return [{ member: { bundle, formerBundle: applied, origin: { version: stored.version } }, version: stored.version }];
}

/** The newest version that any host goes back to. Before the first push there was none: that state is the empty policy, made a version now. */
function chooseVersion(ctx: BackendContext, tx: WriteDb, steps: readonly Step[]): PolicyVersionId {
  const changed = steps.filter(({ member }) => member.formerBundle !== member.bundle.hash);
  const versions = changed.map((step) => step.version).filter((version) => version !== null);
  const newest = versions.toSorted((a, b) => b - a)[0];
  if (newest !== undefined) return newest;
  const hash = hashPolicy(EMPTY_POLICY);
  const latest = findNewestVersion(tx);
  if (latest?.hash === hash) return latest.id;
  return insertVersion(tx, { hash, author: ctx.user, note: 'as before the first push: everything observed', createdAtMs: ctx.nowMs(), policy: EMPTY_POLICY }).id;
}

/** What each host went through, oldest first. */
function listDeployments(ctx: BackendContext): Map<HostId, Deployment[]> {
  const found = new Map<HostId, Deployment[]>();
  for (const push of listPushes(ctx.workspace.read, { limit: MAX_HISTORY }).toReversed()) {
    const former = listFormerBundles(ctx.workspace.read, push.id);
    for (const host of push.hosts) {
      const formerBundle = former.get(host.host) ?? null;
      // One that was away was left as it was: undoing that push undoes nothing there.
      const bundle = host.step === 'away' ? (formerBundle ?? host.bundle) : host.bundle;
      const settled = host.step === 'confirmed' || ((host.step === 'skipped' || host.step === 'away') && formerBundle === bundle);
      const list = found.get(host.host) ?? [];
      found.set(host.host, [...list, { kind: push.kind, bundle, formerBundle, settled }]);
    }
  }
  return found;
}
