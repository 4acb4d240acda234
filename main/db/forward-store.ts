import { z } from 'zod';
import { ForwardDestination, ForwardKind, ForwardTarget } from '../../shared/model/forward.ts';
import { newestEventId } from './forward-spool.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** How sending to a destination stands. `cursor`: it has got everything up to this event. `failures`: attempts in a row. */
export type StoredDestination = ForwardDestination & {
  addedAtMs: number;
  addedBy: string;
  cursor: number;
  resendFrom: number;
  sent: number;
  dropped: number;
  setAside: number;
  failures: number;
  nextTryAtMs: number;
  lastSentAtMs: number | null;
  lastError: string | null;
};

const Row = z.object({
  name: z.string(),
  target_json: z.string(),
  format: ForwardDestination.shape.format,
  kinds_json: z.string(),
  added_at_ms: z.number(),
  added_by: z.string(),
  cursor: z.number(),
  resend_from: z.number(),
  sent: z.number(),
  dropped: z.number(),
  set_aside: z.number(),
  failures: z.number(),
  next_try_at_ms: z.number(),
  last_sent_at_ms: z.number().nullable(),
  last_error: z.string().nullable(),
});

function toDestination(raw: unknown): StoredDestination {
  const r = Row.parse(raw);
  return {
    name: r.name,
    target: ForwardTarget.parse(JSON.parse(r.target_json)),
    format: r.format,
    kinds: z.array(ForwardKind).parse(JSON.parse(r.kinds_json)),
    addedAtMs: r.added_at_ms,
    addedBy: r.added_by,
    cursor: r.cursor,
    resendFrom: r.resend_from,
    sent: r.sent,
    dropped: r.dropped,
    setAside: r.set_aside,
    failures: r.failures,
    nextTryAtMs: r.next_try_at_ms,
    lastSentAtMs: r.last_sent_at_ms,
    lastError: r.last_error,
  };
}

/** By name. */
export const listDestinations = (db: ReadDb): StoredDestination[] => db.all('SELECT * FROM forward_destinations ORDER BY name').map(toDestination);

export function findDestination(db: ReadDb, name: string): StoredDestination | undefined {
  const row = db.one('SELECT * FROM forward_destinations WHERE name = ?', [name]);
  return row === undefined ? undefined : toDestination(row);
}

/** It gets what happens from now on. */
export function insertDestination(tx: WriteDb, { name, target, format, kinds }: ForwardDestination, added: { atMs: number; by: string }): void {
  const cursor = newestEventId(tx);
  tx.run('INSERT INTO forward_destinations (name, target_json, format, kinds_json, added_at_ms, added_by, cursor, resend_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
    name, JSON.stringify(target), format, JSON.stringify(kinds), added.atMs, added.by, cursor, cursor,
  ]);
}

export function removeDestination(tx: WriteDb, name: string): void {
  tx.run('DELETE FROM forward_destinations WHERE name = ?', [name]);
}

/** Which process of which machine sends to a destination, and until when it may be silent. */
export type ForwardLease = { token: string; machine: string; pid: number; startToken: string; untilMs: number };
const LeaseRow = z.object({ token: z.string(), machine: z.string(), pid: z.number(), startToken: z.string(), untilMs: z.number() });

/** Undefined where nobody sends. Whether its process still lives is not looked at. `machine` is empty in one of an older version. */
export function findLease(db: ReadDb, name: string): ForwardLease | undefined {
  const row = db.one('SELECT lease_token AS token, lease_machine AS machine, lease_pid AS pid, lease_start_token AS startToken, lease_until_ms AS untilMs FROM forward_destinations WHERE name = ? AND lease_token IS NOT NULL', [name]);
  return row === undefined ? undefined : LeaseRow.parse(row);
}

export function saveLease(tx: WriteDb, name: string, { token, machine, pid, startToken, untilMs }: ForwardLease): void {
  tx.run('UPDATE forward_destinations SET lease_token = ?, lease_machine = ?, lease_pid = ?, lease_start_token = ?, lease_until_ms = ? WHERE name = ?', [token, machine, pid, startToken, untilMs, name]);
}

/** Leaves the lease of anybody else alone. Idempotent. */
export function releaseLease(tx: WriteDb, name: string, token: string): void {
  tx.run('UPDATE forward_destinations SET lease_token = NULL, lease_until_ms = 0 WHERE name = ? AND lease_token = ?', [name, token]);
}

/** Everything up to `cursor` was taken; `resendFrom` is where the batch that was taken last began. Only for who holds the lease. */
export function advance(tx: WriteDb, name: string, token: string, to: { cursor: number; resendFrom: number; sent: number; atMs: number }): void {
  tx.run(
    `UPDATE forward_destinations SET cursor = max(cursor, :cursor), resend_from = max(resend_from, :resendFrom), sent = sent + :sent, failures = 0, next_try_at_ms = 0, last_sent_at_ms = :atMs, last_error = NULL
     WHERE name = :name AND lease_token = :token`,
    { name, token, ...to },
  );
}

/** There is nothing for it up to `cursor`. What was taken before `settledBeforeMs` is not sent again. */
export function passOver(tx: WriteDb, name: string, token: string, { cursor, settledBeforeMs }: { cursor: number; settledBeforeMs: number }): void {
  tx.run(
    `UPDATE forward_destinations SET cursor = max(cursor, :cursor), resend_from = CASE WHEN coalesce(last_sent_at_ms, 0) < :settledBeforeMs THEN max(cursor, :cursor) ELSE resend_from END
     WHERE name = :name AND lease_token = :token`,
    { name, token, cursor, settledBeforeMs },
  );
}

/** `stepBack`: the batch that was taken last is to be sent again, too. */
export function setFailure(tx: WriteDb, name: string, token: string, failure: { error: string; nextTryAtMs: number; stepBack: boolean }): void {
  tx.run(
    `UPDATE forward_destinations SET failures = failures + 1, last_error = :error, next_try_at_ms = :nextTryAtMs, cursor = CASE WHEN :stepBack = 1 THEN resend_from ELSE cursor END
     WHERE name = :name AND lease_token = :token`,
    { name, token, error: failure.error, nextTryAtMs: failure.nextTryAtMs, stepBack: failure.stepBack ? 1 : 0 },
  );
}
