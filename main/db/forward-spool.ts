import { z } from 'zod';
import { ForwardEvent, ForwardKind, type WaitingEvent } from '../../shared/model/forward.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/**
 * So many connections wait at most, and so many of everything else (about 50 MB each, unless entries of the audit log are long); beyond it the oldest are dropped, and counted for whoever had not got them. Two bounds,
 * because anybody on the network can make connections that are refused: a flood of them must not push out the alert that tells of it.
 */
const BOUND = { events: 50_000, lookEvery: 500 };

const Row = z.object({ id: z.number(), uid: z.string(), at_ms: z.number(), event_json: z.string() });
const Amount = z.object({ n: z.number() });

/** Whether any destination wants events of the kind: what nobody wants is not made. */
export const isWanted = (db: ReadDb, kind: ForwardKind): boolean =>
  db.one('SELECT 1 AS n FROM forward_destinations d WHERE EXISTS (SELECT 1 FROM json_each(d.kinds_json) WHERE value = ?) LIMIT 1', [kind]) !== undefined;

/** Puts an event into the spool, if any destination wants its kind. Call it in the transaction of what it tells of: then it is sent exactly if that happened. */
export function spoolEvent(tx: WriteDb, kind: ForwardKind, atMs: number, make: () => ForwardEvent, bound = BOUND): void {
  if (!isWanted(tx, kind)) return;
  const { lastId } = tx.run('INSERT INTO forward_events (at_ms, kind, event_json) VALUES (?, ?, ?)', [Math.trunc(atMs), kind, JSON.stringify(make())]);
  // Looking costs up to ten milliseconds, an event a few microseconds.
  if (lastId % bound.lookEvery !== 0) return;
  dropOldest(tx, ['flow'], bound.events);
  dropOldest(tx, OTHER_KINDS, bound.events);
}

const OTHER_KINDS = ForwardKind.options.filter((kind) => kind !== 'flow');

function dropOldest(tx: WriteDb, kinds: readonly ForwardKind[], limit: number): void {
  const kindsJson = JSON.stringify(kinds);
  const row = tx.one('SELECT id AS n FROM forward_events WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT 1 OFFSET ?', [kindsJson, limit]);
  if (row === undefined) return;
  const which = { upTo: Amount.parse(row).n, kindsJson };
  tx.run(
    `UPDATE forward_destinations SET dropped = dropped + (SELECT count(*) FROM forward_events e
       WHERE e.id > cursor AND e.id <= :upTo AND e.kind IN (SELECT value FROM json_each(:kindsJson)) AND e.kind IN (SELECT value FROM json_each(kinds_json)))`,
    which,
  );
  tx.run('DELETE FROM forward_events WHERE id <= :upTo AND kind IN (SELECT value FROM json_each(:kindsJson))', which);
}

/** The number of the newest event that was ever in the spool; 0 before the first. */
export function newestEventId(db: ReadDb): number {
  const row = db.one("SELECT seq AS n FROM sqlite_sequence WHERE name = 'forward_events'");
  return row === undefined ? 0 : Amount.parse(row).n;
}

/** The oldest after `cursor`, in their order; `event` null: it cannot be read, since another version or a damaged disk wrote it. */
export function listSpooled(db: ReadDb, cursor: number, kinds: readonly ForwardKind[], limit: number): WaitingEvent[] {
  return db
    .all('SELECT id, uid, at_ms, event_json FROM forward_events WHERE id > ? AND +kind IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?', [cursor, JSON.stringify(kinds), limit])
    .map((raw) => Row.parse(raw))
    .map((r) => ({ id: r.id, uid: r.uid, atMs: r.at_ms, event: readEvent(r.event_json) }));
}

function readEvent(json: string): ForwardEvent | null {
  try {
    return ForwardEvent.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    return null; // no JSON
  }
}

export const countSpooled = (db: ReadDb, cursor: number, kinds: readonly ForwardKind[]): number =>
  Amount.parse(db.one('SELECT count(*) AS n FROM forward_events WHERE id > ? AND kind IN (SELECT value FROM json_each(?))', [cursor, JSON.stringify(kinds)])).n;

/** Forgets what every destination has got and would not be sent again; all, where there is none. */
export function dropDelivered(tx: WriteDb): void {
  tx.run('DELETE FROM forward_events WHERE id <= coalesce((SELECT min(resend_from) FROM forward_destinations), (SELECT max(id) FROM forward_events))');
}
