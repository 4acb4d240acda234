import { z } from 'zod';
import { FlowVerdict } from '../../shared/model/flow.ts';
import { hourOf } from './recording-store.ts';
import type { ReadDb } from './sql.ts';

const Row = z.object({ verdict: FlowVerdict, connections: z.number() });

/** Connections since then (by whole hours) by what the kernels did. Both ends of a conversation count where both report it. */
export function sumVerdicts(db: ReadDb, sinceMs: number): { accepted: number; wouldBlock: number; blocked: number } {
  const rows = db
    .all(
      'SELECT f.verdict, sum(h.connections) AS connections FROM flows f JOIN flow_hours h ON h.flow_id = f.id WHERE f.last_seen_at_ms >= ? AND h.hour_start_ms >= ? GROUP BY f.verdict',
      [hourOf(sinceMs), hourOf(sinceMs)],
    )
    .map((raw) => Row.parse(raw));
  const of = (verdict: FlowVerdict) => rows.find((r) => r.verdict === verdict)?.connections ?? 0;
  return { accepted: of('accepted'), wouldBlock: of('would-block'), blocked: of('blocked') };
}

/** Flows that had a connection after then. */
export function countFlowsSince(db: ReadDb, sinceMs: number): number {
  return z.object({ flows: z.number() }).parse(db.one('SELECT count(*) AS flows FROM flows WHERE last_seen_at_ms > ?', [sinceMs])).flows;
}
