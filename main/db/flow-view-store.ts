import { z } from 'zod';
import { FlowFilters, type FlowView } from '../../shared/contract/flow-pages.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const Row = z.object({ name: z.string(), filters_json: z.string(), saved_at_ms: z.number(), saved_by: z.string() });

/** By name. */
export const listFlowViews = (db: ReadDb): FlowView[] =>
  db.all('SELECT name, filters_json, saved_at_ms, saved_by FROM flow_views ORDER BY name').map((raw) => {
    const row = Row.parse(raw);
    return { name: row.name, filters: FlowFilters.parse(JSON.parse(row.filters_json)), savedAtMs: row.saved_at_ms, savedBy: row.saved_by };
  });

/** Adds a view, or replaces that of the same name. */
export function saveFlowView(tx: WriteDb, { name, filters, savedAtMs, savedBy }: FlowView): void {
  tx.run('INSERT OR REPLACE INTO flow_views (name, filters_json, saved_at_ms, saved_by) VALUES (?, ?, ?, ?)', [name, JSON.stringify(filters), savedAtMs, savedBy]);
}

/** Whether there was one. */
export const removeFlowView = (tx: WriteDb, name: string): boolean => tx.run('DELETE FROM flow_views WHERE name = ?', [name]).changes > 0;
