import { z } from 'zod';
import { HostId } from '../../shared/model/ids.ts';
import type { ReadDb, WriteDb } from './sql.ts';

export const HOUR_MS = 3_600_000;
export const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS;

/**
 * Figures about how complete the record is. `lost-…`: packets that no recording set had room for · `gap-seconds`: time that no counter
 * covers, at most · `rejected`: set elements or lines that were not understood · `dropped`: flows beyond the limit of a host ·
 * `coarse`: connections recorded without user and unit, because the finer set was full · `connections-…`: new connections, whether or not their flows were stored.
 */
export const FIGURES = [
  'snapshots',
  'restarts',
  'lost-in',
  'lost-out',
  'lost-forward',
  'invalid-in',
  'midstream',
  'gap-seconds',
  'rejected',
  'dropped',
  'coarse',
  'connections-in',
  'connections-out',
] as const;
export type Figure = (typeof FIGURES)[number];

export function addFigure(tx: WriteDb, host: HostId, atMs: number, figure: Figure, amount: number): void {
  if (amount === 0) return;
  tx.run(
    `INSERT INTO recording_hours (host_id, hour_start_ms, figure, amount) VALUES (?, ?, ?, ?)
     ON CONFLICT (host_id, hour_start_ms, figure) DO UPDATE SET amount = amount + excluded.amount`,
    [host, hourOf(atMs), figure, amount],
  );
}

const SumRow = z.object({ host_id: HostId, figure: z.enum(FIGURES), amount: z.number(), hours: z.number() });
/** `hours`: in how many hours the figure occurred; for `snapshots` the hours that were observed. */
export type FigureSum = { host: HostId; figure: Figure; amount: number; hours: number };

export function listFigureSums(db: ReadDb, sinceMs: number | null): FigureSum[] {
  return db
    .all('SELECT host_id, figure, sum(amount) AS amount, count(*) AS hours FROM recording_hours WHERE hour_start_ms >= ? GROUP BY host_id, figure', [
      sinceMs === null ? 0 : hourOf(sinceMs),
    ])
    .map((raw) => SumRow.parse(raw))
    .map((r) => ({ host: r.host_id, figure: r.figure, amount: r.amount, hours: r.hours }));
}

/** The first hour of which each host gave a snapshot; hosts without any are left out. */
export function listFirstHours(db: ReadDb): Map<HostId, number> {
  const Row = z.object({ host_id: HostId, since: z.number() });
  const rows = db.all("SELECT host_id, min(hour_start_ms) AS since FROM recording_hours WHERE figure = 'snapshots' GROUP BY host_id");
  return new Map(rows.map((raw) => Row.parse(raw)).map((r) => [r.host_id, r.since]));
}

/** The first hour of which the host gave a snapshot, epoch ms; null when it never did. */
export function findFirstHour(db: ReadDb, host: HostId): number | null {
  const row = db.one("SELECT min(hour_start_ms) AS since FROM recording_hours WHERE host_id = ? AND figure = 'snapshots'", [host]);
  return z.object({ since: z.number().nullable() }).parse(row).since;
}
