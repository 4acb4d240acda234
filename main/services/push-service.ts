import { FirebreakError } from '../../shared/errors.ts';
import type { Push } from '../../shared/model/diff.ts';
import type { PushId } from '../../shared/model/ids.ts';
import { findPush, listPushes as listStoredPushes } from '../db/push-store.ts';
import type { SessionChoice } from '../../shared/model/session.ts';
import type { WaveOrder } from '../../shared/model/waves.ts';
import type { BackendContext } from './backend-context.ts';
import { createSessionSorter } from './live-sessions.ts';
import { passWindows } from './maintenance.ts';
import { preparePlan } from './plan-service.ts';
import { beginPush, findRunningPush } from './push-start.ts';
import { markInterruptedPushes } from './reconcile-service.ts';
import { ensureVersion } from './versions.ts';

const LIST_LIMIT = 200;

export type PushInput = { planHash: string; zone: string | null; note: string; confirmWithinSeconds: number; /** What to do with live connections that the plan forbids; kept unless said. */ sessions?: SessionChoice; waves?: WaveOrder; /** Goes out without hosts to which no connection comes about; they get it when they return. */ leaveAway?: boolean; /** Why it goes out although a maintenance window is shut. */ outsideWindow?: string | null };

/**
 * Pushes the plan that was looked at: makes the version, and sends each host its bundle by check, load, prove and confirm. Gives the
 * push each time it changes; it goes on when nobody watches.
 * @throws PUSH_RUNNING · PLAN_STALE · PLAN_REFUSED · GATE_CLOSED (broken policy tests) · NOTHING_TO_PUSH · NOT_FOUND · WINDOW_CLOSED; nothing is stored or sent then
 */
export function startPush(ctx: BackendContext, input: PushInput): AsyncGenerator<Push, void, void> {
  markInterruptedPushes(ctx);
  const running = findRunningPush(ctx.workspace.read);
  if (running !== undefined) throw new FirebreakError('PUSH_RUNNING', { push: running.id });
  const { plan, written, policy, fleet, hosts } = preparePlan(ctx, input.zone);
  if (plan.hash !== input.planHash) throw new FirebreakError('PLAN_STALE', { planned: input.planHash.slice(0, 12), current: plan.hash.slice(0, 12) });
  if (plan.refusals.length > 0) throw new FirebreakError('PLAN_REFUSED', { refusals: plan.refusals });
  if (plan.brokenTests.length > 0) throw new FirebreakError('GATE_CLOSED', { what: 'Policy tests are broken', reasons: plan.brokenTests });
  const unknown = input.waves?.first.find((name) => !hosts.some(({ after }) => after.host.name === name));
  if (unknown !== undefined) throw new FirebreakError('NOT_FOUND', { what: 'host of this push', name: unknown, known: hosts.map(({ after }) => after.host.name) });
  const unknownZone = input.waves?.zones.find((name) => !policy.zones.some((zone) => zone.name === name));
  if (unknownZone !== undefined) throw new FirebreakError('NOT_FOUND', { what: 'zone', name: unknownZone, known: policy.zones.map(({ name }) => name) });
  const { note, ...pass } = passWindows(ctx, plan.windows, { hosts, note: input.note, reason: input.outsideWindow ?? null });
  return beginPush(ctx, {
    kind: 'push',
    ...pass,
    ...(input.leaveAway === true ? { away: 'leave' } : {}),
    sessions: input.sessions === 'cut' ? { choice: 'cut', sort: createSessionSorter({ policy, fleet, nowMs: ctx.nowMs() }) } : { choice: 'keep' },
    note,
    confirmWithinSeconds: input.confirmWithinSeconds,
    ...(input.waves === undefined ? {} : { waves: input.waves }),
    holdsBase: true,
    isPolicyNew: plan.policyDiff.length > 0,
    members: hosts.map(({ after, formerBundle }) => ({ bundle: after, formerBundle })),
    version: (tx) => ensureVersion(ctx, tx, written, note).id,
  });
}

/** Newest first. Pushes whose process is gone show as interrupted. */
export function listPushes(ctx: BackendContext): Push[] {
  markInterruptedPushes(ctx);
  return listStoredPushes(ctx.workspace.read, { limit: LIST_LIMIT });
}

/** @throws NOT_FOUND */
export function getPush(ctx: BackendContext, id: PushId): Push {
  markInterruptedPushes(ctx);
  const push = findPush(ctx.workspace.read, id);
  if (push === undefined) throw new FirebreakError('NOT_FOUND', { what: 'push', name: id, known: listPushes(ctx).map((other) => other.id) });
  return push;
}
