import { randomUUID } from 'node:crypto';
import type { ForwardRun } from '../../shared/contract/forwards.ts';
import { printBatch } from '../../shared/forward/print-batch.ts';
import { setAside } from '../db/forward-aside.ts';
import { countSpooled, dropDelivered, listSpooled, newestEventId } from '../db/forward-spool.ts';
import { advance, findDestination, listDestinations, passOver, releaseLease, setFailure, type StoredDestination } from '../db/forward-store.ts';
import { type SentAround, sendAround } from '../forward/refused-content.ts';
import { BATCH, mayLoseLast, sendBatch } from '../forward/send-batch.ts';
import type { BackendContext } from './backend-context.ts';
import { isConfirmed } from './forward-consent.ts';
import { takeLease } from './forward-lease.ts';
import { describeSendError, thisSender } from './forward-sender.ts';
import { getDestination } from './forward-service.ts';

const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 900_000;
/** A batch that was taken so long ago is not sent again when a connection breaks. */
const SETTLED_MS = 600_000;

/** How long after so many failures in a row the next attempt comes: 5 s, doubled each time, a quarter of an hour at most. */
export const retryAfterMs = (failures: number): number => Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20), LAST_RETRY_MS);

/** Sends what waits to one destination, or to each, side by side; one that fails keeps no other back. @throws NOT_FOUND for a name */
export async function drainDestinations(ctx: BackendContext, name: string | null, signal: AbortSignal = new AbortController().signal): Promise<ForwardRun[]> {
  const names = name === null ? listDestinations(ctx.workspace.read).map((destination) => destination.name) : [getDestination(ctx, name).name];
  return Promise.all(names.map((each) => drainDestination(ctx, each, signal)));
}

/**
 * Sends batch after batch until nothing waits, one fails, or `signal` aborts. The cursor moves in a transaction of its own after a batch was taken: a console that dies
 * in between sends that batch again, with the same ids. Only one process sends to a destination at a time, and none where nobody confirmed it on this machine.
 */
export async function drainDestination(ctx: BackendContext, name: string, signal: AbortSignal): Promise<ForwardRun> {
  const token = randomUUID();
  const result = { name, sent: 0, setAside: 0, busy: false, confirmed: true, error: null };
  const destination = findDestination(ctx.workspace.read, name);
  if (destination !== undefined && !isConfirmed(ctx, destination)) return { ...result, waiting: countWaiting(ctx, name), confirmed: false };
  try {
    for (;;) {
      const step = await sendNext(ctx, name, token, signal);
      if (step.kind === 'sent') {
        result.sent += step.amount;
        result.setAside += step.setAside;
      } else return { ...result, waiting: countWaiting(ctx, name), ...(step.kind === 'failed' ? { error: step.error } : {}), ...(step.kind === 'busy' ? { busy: true } : {}) };
    }
  } finally {
    ctx.workspace.transaction((tx) => releaseLease(tx, name, token));
  }
}

type Step = { kind: 'sent'; amount: number; setAside: number } | { kind: 'empty' | 'busy' } | { kind: 'failed'; error: string };

async function sendNext(ctx: BackendContext, name: string, token: string, signal: AbortSignal): Promise<Step> {
  const nowMs = ctx.nowMs();
  if (signal.aborted) return { kind: 'empty' };
  if (!takeLease(ctx, name, token)) return { kind: 'busy' };
  const destination = findDestination(ctx.workspace.read, name);
  // Somebody may have put another of that name in its place meanwhile.
  if (destination === undefined || !isConfirmed(ctx, destination)) return { kind: 'empty' };
  const newest = newestEventId(ctx.workspace.read);
  const batch = listSpooled(ctx.workspace.read, destination.cursor, destination.kinds, BATCH[destination.target.kind]);
  const { printed, refused } = printBatch(destination, batch, thisSender());
  let around: SentAround = { through: 0, refused: null };
  try {
    const texts = printed.map(({ text }) => text);
    if (texts.length > 0) around = await sendAround(texts, (some) => sendBatch(destination, some, { signal, nowMs }));
  } catch (error) {
    if (signal.aborted) return { kind: 'empty' };
    return { kind: 'failed', error: keepFailure(ctx, destination, token, error) };
  }
  const last = batch.at(-1);
  if (last === undefined) {
    ctx.workspace.transaction((tx) => {
      passOver(tx, name, token, { cursor: newest, settledBeforeMs: nowMs - SETTLED_MS });
      dropDelivered(tx);
    });
    return { kind: 'empty' };
  }
  const cursor = around.through < printed.length ? (printed[around.through - 1]?.id ?? destination.cursor) : last.id;
  const given = around.refused === null ? [] : printed.slice(0, 1).map(({ id }) => ({ id, reason: `${around.refused}, and took the next one` }));
  const aside = [...refused.filter(({ id }) => id <= cursor), ...given];
  const sent = around.through - given.length;
  ctx.workspace.transaction((tx) => {
    if (aside.length > 0) setAside(tx, name, token, aside, ctx.nowMs());
    if (sent === 0) passOver(tx, name, token, { cursor, settledBeforeMs: nowMs - SETTLED_MS });
    else advance(tx, name, token, { cursor, resendFrom: mayLoseLast(destination.target) ? destination.cursor : cursor, sent, atMs: ctx.nowMs() });
    dropDelivered(tx);
  });
  return { kind: 'sent', amount: sent, setAside: aside.length };
}

/** After the first of a row of failures the last batch is sent again where it may have been lost with the receiver. */
function keepFailure(ctx: BackendContext, { name, target, failures }: StoredDestination, token: string, error: unknown): string {
  const text = describeSendError(error);
  const nextTryAtMs = ctx.nowMs() + retryAfterMs(failures + 1);
  ctx.workspace.transaction((tx) => setFailure(tx, name, token, { error: text, nextTryAtMs, stepBack: mayLoseLast(target) }));
  return text;
}

function countWaiting(ctx: BackendContext, name: string): number {
  const destination = findDestination(ctx.workspace.read, name);
  return destination === undefined ? 0 : countSpooled(ctx.workspace.read, destination.cursor, destination.kinds);
}

/** Those to which something is to be sent now, or whose last batch need not be kept any more; none that nobody confirmed on this machine. */
export function listDue(ctx: BackendContext): string[] {
  const newest = newestEventId(ctx.workspace.read);
  return listDestinations(ctx.workspace.read)
    .filter(({ cursor, resendFrom, lastSentAtMs, nextTryAtMs }) => nextTryAtMs <= ctx.nowMs() && (cursor < newest || (resendFrom < cursor && (lastSentAtMs ?? 0) < ctx.nowMs() - SETTLED_MS)))
    .filter((destination) => isConfirmed(ctx, destination))
    .map(({ name }) => name);
}
