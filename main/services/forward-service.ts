import { randomUUID } from 'node:crypto';
import type { ForwardView, SetAsideEvent } from '../../shared/contract/forwards.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { ForwardDestination, SpooledEvent } from '../../shared/model/forward.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { nameForwardTarget } from '../../shared/text/forward-target-text.ts';
import { forgetSetAside, listSetAside } from '../db/forward-aside.ts';
import { countSpooled, dropDelivered } from '../db/forward-spool.ts';
import { findDestination, insertDestination, listDestinations, removeDestination, type StoredDestination } from '../db/forward-store.ts';
import { printBatch } from '../../shared/forward/print-batch.ts';
import { sendBatch } from '../forward/send-batch.ts';
import type { BackendContext } from './backend-context.ts';
import { isConfirmed, rememberConfirmed } from './forward-consent.ts';
import { describeSendError, thisSender } from './forward-sender.ts';
import { recordChange } from './record-change.ts';

export const listForwards = (ctx: BackendContext): ForwardView[] => listDestinations(ctx.workspace.read).map((destination) => toView(ctx, destination));

function toView(ctx: BackendContext, { cursor, resendFrom: _, failures, nextTryAtMs, ...shown }: StoredDestination): ForwardView {
  const [newestSetAside] = listSetAside(ctx.workspace.read, shown.name, 1);
  return {
    ...shown,
    confirmed: isConfirmed(ctx, shown),
    failures,
    waiting: countSpooled(ctx.workspace.read, cursor, shown.kinds),
    nextTryAtMs: failures === 0 ? null : nextTryAtMs,
    setAsideReason: newestSetAside?.reason ?? null,
  };
}

/** @throws NOT_FOUND with those that there are */
export function getDestination(ctx: BackendContext, name: string): StoredDestination {
  const found = findDestination(ctx.workspace.read, name);
  if (found === undefined) throw new FirebreakError('NOT_FOUND', { what: 'destination', name, known: listDestinations(ctx.workspace.read).map((each) => each.name) });
  return found;
}

/** It gets what happens from now on, its own adding included, and is confirmed on this machine: somebody typed it here. @throws NAME_TAKEN · FILE_NOT_WRITABLE */
export function addForward(ctx: BackendContext, destination: ForwardDestination): ForwardView {
  if (findDestination(ctx.workspace.read, destination.name) !== undefined) throw new FirebreakError('NAME_TAKEN', { what: 'destination', name: destination.name });
  const kinds = [...new Set(destination.kinds)];
  rememberConfirmed(ctx, destination);
  const detail = `${kinds.join(', ')} as ${destination.format.toUpperCase()} to ${nameForwardTarget(destination.target)}`;
  recordChange(ctx, { action: 'forwards.add', subject: destination.name, detail, groups: [] }, (tx) => insertDestination(tx, { ...destination, kinds }, { atMs: ctx.nowMs(), by: ctx.user }));
  return toView(ctx, getDestination(ctx, destination.name));
}

/** Events may go there from this machine: those that wait, too. Idempotent. @throws NOT_FOUND · FILE_NOT_WRITABLE */
export function confirmForward(ctx: BackendContext, name: string): ForwardView {
  const destination = getDestination(ctx, name);
  if (!isConfirmed(ctx, destination)) {
    // First the entry: nothing is confirmed without it.
    recordChange(ctx, { action: 'forwards.confirm', subject: name, detail: `${nameForwardTarget(destination.target)}, from ${thisSender().hostName}`, groups: [] }, () => undefined);
    rememberConfirmed(ctx, destination);
  }
  return toView(ctx, destination);
}

/** Newest first. @throws NOT_FOUND */
export const listAside = (ctx: BackendContext, name: string): SetAsideEvent[] => listSetAside(ctx.workspace.read, getDestination(ctx, name).name);

/** Idempotent. @throws NOT_FOUND */
export function forgetAside(ctx: BackendContext, name: string): void {
  const { setAside } = getDestination(ctx, name);
  if (setAside === 0) return;
  recordChange(ctx, { action: 'forwards.forgetSetAside', subject: name, detail: `${setAside} events that were never sent`, groups: [] }, (tx) => forgetSetAside(tx, name));
}

/** What waits for it alone is forgotten. @throws NOT_FOUND */
export function removeForward(ctx: BackendContext, name: string): void {
  const { waiting, target } = toView(ctx, getDestination(ctx, name));
  recordChange(ctx, { action: 'forwards.remove', subject: name, detail: `${nameForwardTarget(target)}; ${countText(waiting, 'event')} that waited ${waiting === 1 ? 'is' : 'are'} given up`, groups: [] }, (tx) => {
    removeDestination(tx, name);
    dropDelivered(tx);
  });
}

/** Past the spool: it says how the way is now, whatever waits. @throws NOT_FOUND · FORWARD_NOT_CONFIRMED · FORWARD_FAILED */
export async function testForward(ctx: BackendContext, name: string, signal: AbortSignal = new AbortController().signal): Promise<{ confirmed: boolean }> {
  const destination = getDestination(ctx, name);
  if (!isConfirmed(ctx, destination)) throw new FirebreakError('FORWARD_NOT_CONFIRMED', { name, to: nameForwardTarget(destination.target) });
  const event: SpooledEvent = { id: 0, uid: randomUUID().replaceAll('-', ''), atMs: ctx.nowMs(), event: { kind: 'test', user: ctx.user } };
  try {
    const { printed, refused } = printBatch(destination, [event], thisSender());
    if (refused[0] !== undefined) throw new Error(refused[0].reason);
    await sendBatch(destination, printed.map(({ text }) => text), { signal, nowMs: ctx.nowMs() });
  } catch (error) {
    throw new FirebreakError('FORWARD_FAILED', { name, to: nameForwardTarget(destination.target), detail: describeSendError(error) }, { cause: error });
  }
  return { confirmed: destination.target.kind !== 'syslog-udp' };
}
