import { z } from 'zod';
import type { ReadDb, WriteDb } from './sql.ts';

const IdRow = z.object({ id: z.number() });
const CountRow = z.object({ gone: z.number(), shortened: z.number() });
const KEY = 'flows-forgotten-before';
const Row = z.object({ value_json: z.string() });

/** Until when flows were forgotten last; 0 where none were. */
export function loadForgottenBefore(db: ReadDb): number {
  const row = db.one('SELECT value_json FROM settings WHERE key = ?', [KEY]);
  return row === undefined ? 0 : z.number().parse(JSON.parse(Row.parse(row).value_json));
}

export function saveForgottenBefore(tx: WriteDb, atMs: number): void {
  tx.run('INSERT INTO settings (key, value_json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value_json = excluded.value_json', [KEY, JSON.stringify(atMs)]);
}

/** What the two below would remove and shorten. */
export function countFlowsBefore(db: ReadDb, beforeMs: number): { gone: number; shortened: number } {
  const sql = 'SELECT count(*) FILTER (WHERE last_seen_at_ms < :beforeMs) AS gone, count(*) FILTER (WHERE last_seen_at_ms >= :beforeMs) AS shortened FROM flows WHERE first_seen_at_ms < :beforeMs';
  return CountRow.parse(db.one(sql, { beforeMs }));
}

/** Removes at most `limit` flows that were last seen before, with their hours; gives how many. */
export function removeFlowsBefore(tx: WriteDb, beforeMs: number, limit: number): number {
  return tx.run('DELETE FROM flows WHERE id IN (SELECT id FROM flows WHERE last_seen_at_ms < ? LIMIT ?)', [beforeMs, limit]).changes;
}

/**
 * Removes the hours before of the next `limit` flows above id `afterId` that were also seen since. What they count is then that of the hours that are left; since when they are known stays.
 * Gives how many were shortened and where to go on, null at the end.
 */
export function shortenFlowsBefore(tx: WriteDb, beforeMs: number, afterId: number, limit: number): { shortened: number; next: number | null } {
  const ids = tx.all('SELECT id FROM flows WHERE id > ? AND first_seen_at_ms < ? ORDER BY id LIMIT ?', [afterId, beforeMs, limit]).map((row) => IdRow.parse(row).id);
  const shortened = ids.filter((id) => tx.run('DELETE FROM flow_hours WHERE flow_id = ? AND hour_start_ms < ?', [id, beforeMs]).changes > 0);
  for (const id of shortened) tx.run('UPDATE flows SET connections = (SELECT coalesce(sum(connections), 0) FROM flow_hours WHERE flow_id = :id) WHERE id = :id', { id });
  return { shortened: shortened.length, next: ids.length < limit ? null : (ids.at(-1) ?? null) };
}
