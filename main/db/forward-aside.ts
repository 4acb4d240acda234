import { z } from 'zod';
import { SetAsideEvent } from '../../shared/contract/forwards.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** So many are kept to be looked at, of each destination; they are counted beyond that, too. */
const MAX_KEPT = 1000;
const Row = z.object({ event_id: z.number(), uid: z.string(), at_ms: z.number(), kind: z.string(), event_json: z.string(), reason: z.string(), set_aside_at_ms: z.number() });

/** Keeps events that wait apart, so that those after them go on; only for who holds the lease. One that is set aside already is left as it is. `reason`: a sentence without a full stop. */
export function setAside(tx: WriteDb, destination: string, token: string, events: readonly { id: number; reason: string }[], atMs: number): void {
  if (tx.one('SELECT 1 FROM forward_destinations WHERE name = ? AND lease_token = ?', [destination, token]) === undefined) return;
  let added = 0;
  for (const { id, reason } of events) {
    added += tx.run(
      `INSERT INTO forward_set_aside (destination, event_id, uid, at_ms, kind, event_json, reason, set_aside_at_ms)
       SELECT :destination, id, uid, at_ms, kind, event_json, :reason, :atMs FROM forward_events WHERE id = :id ON CONFLICT DO NOTHING`,
      { destination, id, reason, atMs },
    ).changes;
  }
  tx.run('UPDATE forward_destinations SET set_aside = set_aside + ? WHERE name = ?', [added, destination]);
  tx.run('DELETE FROM forward_set_aside WHERE destination = :destination AND event_id <= (SELECT event_id FROM forward_set_aside WHERE destination = :destination ORDER BY event_id DESC LIMIT 1 OFFSET :kept)', { destination, kept: MAX_KEPT });
}

/** Newest first. `text` is the event as it was stored. */
export const listSetAside = (db: ReadDb, destination: string, limit = MAX_KEPT): SetAsideEvent[] =>
  db
    .all('SELECT * FROM forward_set_aside WHERE destination = ? ORDER BY event_id DESC LIMIT ?', [destination, limit])
    .map((raw) => Row.parse(raw))
    .map((r) => SetAsideEvent.parse({ id: r.event_id, uid: r.uid, kind: r.kind, text: r.event_json, reason: r.reason, setAsideAtMs: r.set_aside_at_ms }));

/** Also what was counted. Idempotent. */
export function forgetSetAside(tx: WriteDb, destination: string): void {
  tx.run('DELETE FROM forward_set_aside WHERE destination = ?', [destination]);
  tx.run('UPDATE forward_destinations SET set_aside = 0 WHERE name = ?', [destination]);
}
