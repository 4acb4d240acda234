import { z } from 'zod';
import { KpiId } from '../../shared/model/kpi.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const DAY_MS = 86_400_000;
/** Beyond any trend that is shown; some 200 bytes a day. */
const KEPT_MS = 800 * DAY_MS;
const Values = z.partialRecord(KpiId, z.number().nullable());
export type KpiDay = { dayStartMs: number; values: z.infer<typeof Values> };

/** UTC. */
export const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS) * DAY_MS;

/** Replaces what was computed earlier on the same day. Idempotent. */
export function saveKpiDay(tx: WriteDb, { dayStartMs, values }: KpiDay): void {
  tx.run('INSERT INTO kpi_days (day_start_ms, values_json) VALUES (?, ?) ON CONFLICT (day_start_ms) DO UPDATE SET values_json = excluded.values_json', [dayStartMs, JSON.stringify(values)]);
  tx.run('DELETE FROM kpi_days WHERE day_start_ms < ?', [dayStartMs - KEPT_MS]);
}

/** Ascending; days on which nobody looked are missing. */
export function listKpiDays(db: ReadDb, sinceMs: number): KpiDay[] {
  const Row = z.object({ day_start_ms: z.number(), values_json: z.string() });
  return db
    .all('SELECT day_start_ms, values_json FROM kpi_days WHERE day_start_ms >= ? ORDER BY day_start_ms', [sinceMs])
    .map((raw) => Row.parse(raw))
    .map((r) => ({ dayStartMs: r.day_start_ms, values: Values.parse(JSON.parse(r.values_json)) }));
}
