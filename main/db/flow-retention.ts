import { z } from 'zod';
import { findSetting, putSetting } from './setting-values.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** Until when flows were forgotten; and what has gone since that was told, so that a run which is cut off loses no count. */
const Forgotten = z.strictObject({ beforeMs: z.number(), gone: z.number().int(), shortened: z.number().int() });
export type Forgotten = z.infer<typeof Forgotten>;

const KEY = 'flows-forgotten';
const OldRow = z.object({ id: z.number(), peer_address: z.string(), forward_to: z.string() });
const CountRow = z.object({ gone: z.number(), shortened: z.number() });
const NumberRow = z.object({ n: z.number().nullable() });

/** What a zone in test would have refused is not forgotten: readiness counts it until somebody has looked at it. */
const MAY_GO = "first_seen_at_ms < :beforeMs AND verdict <> 'would-block'";

export function loadForgotten(db: ReadDb): Forgotten {
  return findSetting(db, KEY, Forgotten) ?? { beforeMs: 0, gone: 0, shortened: 0 };
}

export function saveForgotten(tx: WriteDb, forgotten: Forgotten): void {
  putSetting(tx, KEY, forgotten);
}

/** When any flow was last seen; null where there is none. */
export const newestFlowMs = (db: ReadDb): number | null => NumberRow.parse(db.one('SELECT max(last_seen_at_ms) AS n FROM flows')).n;

/** Flows that nobody saw since, and others of which older hours are kept. */
export function countOldFlows(db: ReadDb, beforeMs: number): { gone: number; shortened: number } {
  const sql = `SELECT count(*) FILTER (WHERE last_seen_at_ms < :beforeMs) AS gone, count(*) FILTER (WHERE last_seen_at_ms >= :beforeMs) AS shortened FROM flows WHERE ${MAY_GO}`;
  return CountRow.parse(db.one(sql, { beforeMs }));
}

/** One with an hour before. */
export type OldFlow = { id: number; peers: readonly string[] };

/** Those among the next `span` ids above `afterId`, and where to go on; null at the end. So that no question takes long over millions. */
export function findOldFlows(db: ReadDb, beforeMs: number, afterId: number, span: number): { flows: OldFlow[]; next: number | null } {
  const rows = db.all(`SELECT id, peer_address, forward_to FROM flows WHERE id > :afterId AND id <= :toId AND ${MAY_GO}`, { beforeMs, afterId, toId: afterId + span });
  const highest = NumberRow.parse(db.one('SELECT max(id) AS n FROM flows')).n ?? 0;
  const flows = rows.map((raw) => OldRow.parse(raw)).map(({ id, peer_address: peer, forward_to: forward }) => ({ id, peers: forward === '' ? [peer] : [peer, forward] }));
  return { flows, next: afterId + span < highest ? afterId + span : null };
}

/**
 * Removes the flow's hours before, and the flow where it was not seen since. Else what it counts, and since when, are those of the hours that are left, so that they agree wherever they are shown together.
 * Gives how many hours went, and whether the flow did.
 */
export function forgetFlow(tx: WriteDb, { id, peers }: OldFlow, beforeMs: number): { hours: number; isGone: boolean } {
  const hours = tx.run('DELETE FROM flow_hours WHERE flow_id = ? AND hour_start_ms < ?', [id, beforeMs]).changes;
  const isGone = tx.run('DELETE FROM flows WHERE id = ? AND last_seen_at_ms < ?', [id, beforeMs]).changes > 0;
  if (isGone) for (const address of peers) forgetPeer(tx, address);
  else {
    tx.run(
      `UPDATE flows SET connections = (SELECT coalesce(sum(connections), 0) FROM flow_hours WHERE flow_id = :id),
         first_seen_at_ms = max(first_seen_at_ms, (SELECT coalesce(min(hour_start_ms), last_seen_at_ms) FROM flow_hours WHERE flow_id = :id)) WHERE id = :id`,
      { id },
    );
  }
  return { hours, isGone };
}

/** An address that no flow has any more is offered nowhere. */
function forgetPeer(tx: WriteDb, address: string): void {
  tx.run(
    `DELETE FROM flow_peers WHERE address = :address AND NOT EXISTS (SELECT 1 FROM flows WHERE peer_address = :address)
       AND NOT EXISTS (SELECT 1 FROM flows WHERE direction = 'forward' AND forward_to = :address)`,
    { address },
  );
}
