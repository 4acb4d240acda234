import { z } from 'zod';
import { FlowDirection } from '../../shared/model/flow.ts';
import { HostId } from '../../shared/model/ids.ts';
import type { ReadDb } from './sql.ts';

const Row = z.object({ reporter: HostId, direction: FlowDirection, peer_address: z.string(), protocol: z.string(), port: z.number(), user_name: z.string(), unit: z.string(), connections: z.number(), last_seen_at_ms: z.number() });

/** Who used what, whatever the verdict and the version: `connections` of all time, of aggregates that were seen since then. */
export type FlowUse = { reporter: HostId; direction: FlowDirection; peerAddress: string; protocol: string; port: number; user: string | null; unit: string | null; connections: number; lastSeenAtMs: number };

/** What the hosts saw since then, without what a router passed on; in no order. */
export function* iterateFlowUse(db: ReadDb, sinceMs: number): Generator<FlowUse, void, void> {
  const sql = `SELECT reporter, direction, peer_address, protocol, port, user_name, unit, sum(connections) AS connections, max(last_seen_at_ms) AS last_seen_at_ms
    FROM flows WHERE last_seen_at_ms >= ? AND direction <> 'forward' GROUP BY reporter, direction, peer_address, protocol, port, user_name, unit`;
  for (const raw of db.iterate(sql, [sinceMs])) {
    const r = Row.parse(raw);
    const orNull = (text: string) => (text === '' ? null : text);
    yield { reporter: r.reporter, direction: r.direction, peerAddress: r.peer_address, protocol: r.protocol, port: r.port, user: orNull(r.user_name), unit: orNull(r.unit), connections: r.connections, lastSeenAtMs: r.last_seen_at_ms };
  }
}

/** Whether a host's own record has a flow with this peer and service, seen since then (null: ever). */
export function isRecorded(db: ReadDb, flow: Pick<FlowUse, 'reporter' | 'direction' | 'peerAddress' | 'protocol' | 'port'>, sinceMs: number | null): boolean {
  return db.one(IS_RECORDED_SQL, [flow.reporter, flow.direction, flow.peerAddress, flow.protocol, flow.port, sinceMs ?? 0]) !== undefined;
}

/** The plus keeps SQLite from the index of peers, in which a busy peer has a row for every flow of every host. */
export const IS_RECORDED_SQL = "SELECT 1 FROM flows WHERE reporter = ? AND direction = ? AND peer_address = ? AND forward_to = '' AND protocol = ? AND port = ? AND +last_seen_at_ms >= ? LIMIT 1";
