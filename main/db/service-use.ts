import { z } from 'zod';
import type { HostId } from '../../shared/model/ids.ts';
import type { ReadDb } from './sql.ts';

/** What came in to one port of a host and was let through. Times are epoch ms. `family`: of the peers. */
export type PortUse = { protocol: string; port: number; family: 4 | 6; peers: number; connections: number; firstAtMs: number; lastAtMs: number };

const Row = z.object({
  protocol: z.string(),
  port: z.number(),
  is_six: z.number(),
  peers: z.number(),
  connections: z.number(),
  first_at_ms: z.number(),
  last_at_ms: z.number(),
});

/** Inbound flows of a host by port. Refused connections are left out: they reached nobody; what a test mode would refuse did. */
export function listPortUses(db: ReadDb, host: HostId): PortUse[] {
  return db
    .all(
      `SELECT protocol, port, instr(peer_address, ':') > 0 AS is_six, count(DISTINCT peer_address) AS peers, sum(connections) AS connections,
         min(first_seen_at_ms) AS first_at_ms, max(last_seen_at_ms) AS last_at_ms
       FROM flows WHERE reporter = ? AND direction = 'in' AND verdict <> 'blocked' GROUP BY protocol, port, is_six`,
      [host],
    )
    .map((raw) => Row.parse(raw))
    .map((r) => ({ protocol: r.protocol, port: r.port, family: r.is_six === 1 ? 6 : 4, peers: r.peers, connections: r.connections, firstAtMs: r.first_at_ms, lastAtMs: r.last_at_ms }));
}
