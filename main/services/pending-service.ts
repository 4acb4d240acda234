import type { HostChoice } from '../../shared/contract/contract.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { Push } from '../../shared/model/diff.ts';
import type { WaitingHost } from '../../shared/model/host-wait.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { listHostWaits, removeHostWait, toHostWait } from '../db/host-wait-store.ts';
import { listHosts } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { listChosenHosts } from './find-host.ts';
import { passWindows } from './maintenance.ts';
import { preparePending } from './pending-plan.ts';
import { beginPush, findRunningPush } from './push-start.ts';
import { recordChange } from './record-change.ts';
import { markInterruptedPushes } from './reconcile-service.ts';

export type PendingInput = { planHash: string; note: string; confirmWithinSeconds: number; outsideWindow?: string | null };

/** By name; empty when no host missed a push that it is still to get. */
export function listWaitingHosts(ctx: BackendContext): WaitingHost[] {
  const waits = listHostWaits(ctx.workspace.read);
  return listHosts(ctx.workspace.read).flatMap(({ id, name }) => {
    const wait = waits.get(id);
    return wait === undefined ? [] : [{ hostName: name, ...toHostWait(wait) }];
  });
}

/**
 * Sends waiting hosts (those in `only`, where given) the version that they wait for, as it was looked at: a push like any other, but that one which is still away goes on waiting and stops
 * nobody. One that refuses its rules waits from then on until a person asks for it.
 * @throws NOTHING_PENDING · PUSH_RUNNING · PLAN_STALE · PLAN_REFUSED · WINDOW_CLOSED; nothing is stored or sent then
 */
export function startPending(ctx: BackendContext, input: PendingInput, only?: ReadonlySet<HostId>): AsyncGenerator<Push, void, void> {
  markInterruptedPushes(ctx);
  const running = findRunningPush(ctx.workspace.read);
  if (running !== undefined) throw new FirebreakError('PUSH_RUNNING', { push: running.id });
  const { plan, hosts } = preparePending(ctx, only);
  const newest = hosts.map(({ wait }) => wait.version).toSorted((a, b) => b - a)[0];
  if (newest === undefined) throw new FirebreakError('NOTHING_PENDING', {});
  if (plan.hash !== input.planHash) throw new FirebreakError('PLAN_STALE', { planned: input.planHash.slice(0, 12), current: plan.hash.slice(0, 12) });
  if (plan.refusals.length > 0) throw new FirebreakError('PLAN_REFUSED', { refusals: plan.refusals });
  const { note, ...pass } = passWindows(ctx, plan.windows, { hosts, note: input.note, reason: input.outsideWindow ?? null });
  return beginPush(ctx, {
    kind: 'push',
    ...pass,
    away: 'wait',
    holdsBase: true,
    sessions: { choice: 'keep' },
    note,
    confirmWithinSeconds: input.confirmWithinSeconds,
    // Those that run it already wait for nothing, and a push that finds only such says so.
    isPolicyNew: true,
    members: hosts.map(({ after, formerBundle, wait }) => ({ bundle: after, formerBundle, origin: { version: wait.version } })),
    version: () => newest,
  });
}

/** The chosen hosts wait no longer, and stay as they are. Gives what they waited for. @throws NOT_FOUND */
export function forgetPending(ctx: BackendContext, choice: HostChoice): WaitingHost[] {
  const chosen = new Map(listChosenHosts(ctx, choice).map(({ name, id }) => [name, id]));
  const waiting = listWaitingHosts(ctx).filter(({ hostName }) => chosen.has(hostName));
  for (const { hostName, version } of waiting) {
    const id = chosen.get(hostName);
    if (id !== undefined) recordChange(ctx, { action: 'pushes.forgetPending', subject: hostName, detail: `waits no longer for version ${version}`, groups: ['hosts', 'pushes'] }, (tx) => removeHostWait(tx, id));
  }
  return waiting;
}
