import { z } from 'zod';
import type { FlowDirection, FlowVerdict } from '../../shared/model/flow.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import { hourOf } from './recording-store.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** The local process of a flow, and how that is known. */
export type KnownProcess = { name: string; confidence: 'exact' | 'inferred' };

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
  process: KnownProcess | null;
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
  const id = known === undefined ? makeFlow(tx, { ...key, ...amounts, process: delta.process?.name ?? '', confidence: delta.process?.confidence ?? 'unknown' }) : IdRow.parse(known).id;
  if (known !== undefined) {
    tx.run(
      `UPDATE flows SET connections = connections + :connections, first_seen_at_ms = min(first_seen_at_ms, :atMs), last_seen_at_ms = max(last_seen_at_ms, :atMs) WHERE id = :id`,
      { id, ...amounts },
    );
    if (delta.process !== null) setProcess(tx, id, delta.process);
  }
  tx.run(
    `INSERT INTO flow_hours (flow_id, hour_start_ms, connections) VALUES (?, ?, ?)
     ON CONFLICT (flow_id, hour_start_ms) DO UPDATE SET connections = connections + excluded.connections`,
    [id, hourOf(delta.lastSeenAtMs), delta.connections],
  );
  return known === undefined ? 'made' : 'added';
}

/**
 * Stores a flow that is not there yet with its whole history, oldest first, at most once an hour and not empty. For what is generated: what hosts report comes as differences.
 */
export function insertFlowHistory(tx: WriteDb, flow: Omit<FlowDelta, 'connections' | 'lastSeenAtMs'>, sightings: readonly { atMs: number; connections: number }[]): void {
  const [first, last] = [sightings[0], sightings.at(-1)];
  if (first === undefined || last === undefined) return;
  const { lastId } = tx.run(
    `INSERT INTO flows (reporter, direction, peer_address, forward_to, protocol, port, user_name, unit, zone, verdict, policy_version, connections, first_seen_at_ms, last_seen_at_ms, process, process_confidence)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      flow.reporter, flow.direction, flow.peerAddress, flow.forwardTo ?? '', flow.protocol, flow.port, flow.user ?? '', flow.unit ?? '', flow.zone ?? '', flow.verdict,
      flow.policyVersion ?? 0, sightings.reduce((sum, { connections }) => sum + connections, 0), first.atMs, last.atMs, flow.process?.name ?? '', flow.process?.confidence ?? 'unknown',
    ],
  );
  for (const { atMs, connections } of sightings) tx.run('INSERT INTO flow_hours (flow_id, hour_start_ms, connections) VALUES (?, ?, ?)', [lastId, hourOf(atMs), connections]);
}

function makeFlow(tx: WriteDb, values: Record<string, string | number>): number {
  return tx.run(
    `INSERT INTO flows (reporter, direction, peer_address, forward_to, protocol, port, user_name, unit, zone, verdict, policy_version, connections, first_seen_at_ms, last_seen_at_ms, process, process_confidence)
     VALUES (:reporter, :direction, :peerAddress, :forwardTo, :protocol, :port, :user, :unit, :zone, :verdict, :policyVersion, :connections, :atMs, :atMs, :process, :confidence)`,
    values,
  ).lastId;
}

/** The newest sight counts; what was inferred never replaces what was seen. */
function setProcess(tx: WriteDb, id: number, process: KnownProcess): void {
  tx.run(`UPDATE flows SET process = :name, process_confidence = :confidence WHERE id = :id AND (:confidence = 'exact' OR process_confidence <> 'exact')`, { id, ...process });
}

/** A socket that is open now: all flows that it may belong to have its process, also those that had no new connection. A refused flow has no socket. */
export function setSocketProcess(tx: WriteDb, socket: { reporter: HostId; peerAddress: string; protocol: string; port: number; user: string; process: string }): void {
  tx.run(
    `UPDATE flows SET process = :process, process_confidence = 'exact'
     WHERE reporter = :reporter AND direction = 'out' AND peer_address = :peerAddress AND protocol = :protocol AND port = :port AND user_name = :user AND verdict <> 'blocked'`,
    socket,
  );
}
