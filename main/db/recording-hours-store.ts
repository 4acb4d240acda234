import { z } from 'zod';
import { HostId } from '../../shared/model/ids.ts';
import { FIGURES, type Figure, HOUR_MS, hourOf } from './recording-store.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** Longer than any period that a report or a readiness check looks at; with it 500 hosts take some 200 MB at most. */
const KEPT_MS = 100 * 24 * HOUR_MS;

/** Drops hours older than 100 days before `atMs` (the newest hour of the host: its clock, or ours). Idempotent. */
export function dropOldHours(tx: WriteDb, host: HostId, atMs: number): void {
  tx.run('DELETE FROM recording_hours WHERE host_id = ? AND hour_start_ms < ?', [host, hourOf(atMs - KEPT_MS)]);
  tx.run('DELETE FROM clock_hours WHERE host_id = ? AND hour_start_ms < ?', [host, hourOf(atMs - KEPT_MS)]);
}

const HourRow = z.object({ hour_start_ms: z.number(), figure: z.enum(FIGURES), amount: z.number() });
export type HourFigure = { hourStartMs: number; figure: Figure; amount: number };

/** Ordered by hour. */
export function listHourFigures(db: ReadDb, host: HostId, sinceMs: number): HourFigure[] {
  return db
    .all('SELECT hour_start_ms, figure, amount FROM recording_hours WHERE host_id = ? AND hour_start_ms >= ? ORDER BY hour_start_ms', [host, hourOf(sinceMs)])
    .map((raw) => HourRow.parse(raw))
    .map((r) => ({ hourStartMs: r.hour_start_ms, figure: r.figure, amount: r.amount }));
}

/** Host's clock less ours; of one hour the offset that is furthest from 0 stays. */
export function saveClockOffset(tx: WriteDb, host: HostId, atMs: number, offsetMs: number): void {
  tx.run(
    `INSERT INTO clock_hours (host_id, hour_start_ms, offset_ms) VALUES (?, ?, ?)
     ON CONFLICT (host_id, hour_start_ms) DO UPDATE SET offset_ms = excluded.offset_ms WHERE abs(excluded.offset_ms) > abs(offset_ms)`,
    [host, hourOf(atMs), offsetMs],
  );
}

/** By the start of the hour. */
export function listClockOffsets(db: ReadDb, host: HostId, sinceMs: number): Map<number, number> {
  const Row = z.object({ hour_start_ms: z.number(), offset_ms: z.number() });
  const rows = db.all('SELECT hour_start_ms, offset_ms FROM clock_hours WHERE host_id = ? AND hour_start_ms >= ? ORDER BY hour_start_ms', [host, hourOf(sinceMs)]);
  return new Map(rows.map((raw) => Row.parse(raw)).map((r) => [r.hour_start_ms, r.offset_ms]));
}

/** The offset of the last hour in which each host's clock was read. */
export function listLastClockOffsets(db: ReadDb): Map<HostId, number> {
  const Row = z.object({ host_id: HostId, offset_ms: z.number() });
  // A bare column beside max() comes from the row of the maximum (https://www.sqlite.org/lang_select.html#bareagg).
  const rows = db.all('SELECT host_id, max(hour_start_ms), offset_ms FROM clock_hours GROUP BY host_id');
  return new Map(rows.map((raw) => Row.parse(raw)).map((r) => [r.host_id, r.offset_ms]));
}
