import { z } from 'zod';
import type { FlowDirection, FlowVerdict } from '../../shared/model/flow.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import { hourOf } from './recording-store.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** New connections of one aggregate, seen by `reporter`. `forwardTo` is the destination of a forwarded flow (`peerAddress` its source), else null. */
export type FlowDelta = {
  reporter: HostId;
  direction: FlowDirection;
  peerAddress: string;
  forwardTo: string | null;
  protocol: string;
  port: number;
  user: string | null;
  unit: string | null;
  zone: string | null;
  verdict: FlowVerdict;
  policyVersion: PolicyVersionId | null;
  connections: number;
  lastSeenAtMs: number;
};

const IdRow = z.object({ id: z.number() });
const KEY_WHERE = `reporter = :reporter AND direction = :direction AND peer_address = :peerAddress AND forward_to = :forwardTo AND protocol = :protocol
  AND port = :port AND user_name = :user AND unit = :unit AND zone = :zone AND verdict = :verdict AND policy_version = :policyVersion`;

export function countFlows(db: ReadDb, reporter: HostId): number {
  return z.object({ n: z.number() }).parse(db.one('SELECT count(*) AS n FROM flows WHERE reporter = ?', [reporter])).n;
}

/** Adds to the aggregate and to its hour, making it when `mayAdd`; gives whether it was added to, made, or left out. */
export function addToFlow(tx: WriteDb, delta: FlowDelta, mayAdd: boolean): 'added' | 'made' | 'left-out' {
  const key = {
    reporter: delta.reporter,
    direction: delta.direction,
    peerAddress: delta.peerAddress,
    forwardTo: delta.forwardTo ?? '',
    protocol: delta.protocol,
    port: delta.port,
    user: delta.user ?? '',
    unit: delta.unit ?? '',
    zone: delta.zone ?? '',
    verdict: delta.verdict,
    policyVersion: delta.policyVersion ?? 0,
  };
  const known = tx.one(`SELECT id FROM flows WHERE ${KEY_WHERE}`, key);
  if (known === undefined && !mayAdd) return 'left-out';
  const amounts = { connections: delta.connections, atMs: delta.lastSeenAtMs };
  const id = known === undefined ? makeFlow(tx, { ...key, ...amounts }) : IdRow.parse(known).id;
  if (known !== undefined) {
    tx.run(
      `UPDATE flows SET connections = connections + :connections, first_seen_at_ms = min(first_seen_at_ms, :atMs), last_seen_at_ms = max(last_seen_at_ms, :atMs) WHERE id = :id`,
      { id, ...amounts },
    );
  }
  tx.run(
    `INSERT INTO flow_hours (flow_id, hour_start_ms, connections) VALUES (?, ?, ?)
     ON CONFLICT (flow_id, hour_start_ms) DO UPDATE SET connections = connections + excluded.connections`,
    [id, hourOf(delta.lastSeenAtMs), delta.connections],
  );
  return known === undefined ? 'made' : 'added';
}

function makeFlow(tx: WriteDb, values: Record<string, string | number>): number {
  return tx.run(
    `INSERT INTO flows (reporter, direction, peer_address, forward_to, protocol, port, user_name, unit, zone, verdict, policy_version, connections, first_seen_at_ms, last_seen_at_ms)
     VALUES (:reporter, :direction, :peerAddress, :forwardTo, :protocol, :port, :user, :unit, :zone, :verdict, :policyVersion, :connections, :atMs, :atMs)`,
    values,
  ).lastId;
}
