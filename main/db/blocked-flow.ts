import { z } from 'zod';
import type { FlowDelta } from './flow-store.ts';
import type { ReadDb } from './sql.ts';

export type FlowPair = Pick<FlowDelta, 'reporter' | 'direction' | 'peerAddress' | 'forwardTo' | 'protocol' | 'port'>;

/** How many aggregates of this pair and service were blocked, whatever the user, unit, zone and version. A lookup in the index of the table's key. */
export function countBlocked(db: ReadDb, { reporter, direction, peerAddress, forwardTo, protocol, port }: FlowPair): number {
  const row = db.one(
    "SELECT count(*) AS n FROM flows WHERE reporter = ? AND direction = ? AND peer_address = ? AND forward_to = ? AND protocol = ? AND port = ? AND verdict = 'blocked'",
    [reporter, direction, peerAddress, forwardTo ?? '', protocol, port],
  );
  return z.object({ n: z.number() }).parse(row).n;
}

/** When the pair and service was last let through at the reporter, epoch ms; null: never. */
export function findLastLetThrough(db: ReadDb, { reporter, direction, peerAddress, forwardTo, protocol, port }: FlowPair): number | null {
  const row = db.one(
    "SELECT max(last_seen_at_ms) AS at FROM flows WHERE reporter = ? AND direction = ? AND peer_address = ? AND forward_to = ? AND protocol = ? AND port = ? AND verdict <> 'blocked'",
    [reporter, direction, peerAddress, forwardTo ?? '', protocol, port],
  );
  return z.object({ at: z.number().nullable() }).parse(row).at;
}
