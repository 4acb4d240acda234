import { z } from 'zod';
import { FlowVerdict } from '../../shared/model/flow.ts';
import { HostId, PolicyVersionId, PushId } from '../../shared/model/ids.ts';
import type { ReadDb } from './sql.ts';

/** What reports read and nothing else does. `fromMs` is within a period, `untilMs` past it; whole hours. */
export type Period = { readonly fromMs: number; readonly untilMs: number };

const StepRow = z.object({ at_ms: z.number(), step: z.string(), push_id: PushId, detail: z.string(), mode: z.string().nullable(), zone: z.string().nullable(), version: PolicyVersionId.nullable() });
export type HostStep = z.infer<typeof StepRow>;

/** Transitions of one host in pushes, in order: those of the period, and before it back to the last confirmed one. `mode` null: the bundle is not kept any more. */
export function listHostSteps(db: ReadDb, host: HostId, { fromMs, untilMs }: Period): HostStep[] {
  const last = z.object({ id: z.number() }).parse(db.one("SELECT coalesce(max(id), 0) AS id FROM push_steps WHERE host_id = ? AND step = 'confirmed' AND at_ms < ?", [host, fromMs]));
  return db
    .all(
      `SELECT s.at_ms, s.step, s.push_id, s.detail, b.mode, b.zone, b.version FROM push_steps s JOIN push_hosts h ON h.push_id = s.push_id AND h.host_id = s.host_id
       LEFT JOIN bundles b ON b.host_id = h.host_id AND b.hash = h.bundle WHERE s.host_id = ? AND s.id >= ? AND s.at_ms < ? ORDER BY s.id`,
      [host, last.id, untilMs],
    )
    .map((raw) => StepRow.parse(raw));
}

const PushRow = z.object({ id: PushId, kind: z.string(), version: PolicyVersionId, author: z.string(), note: z.string(), started_at_ms: z.number(), ended_at_ms: z.number().nullable(), outcome: z.string() });

/** Pushes that began in the period, oldest first. */
export function listPushesOf(db: ReadDb, { fromMs, untilMs }: Period): z.infer<typeof PushRow>[] {
  const sql = 'SELECT id, kind, version, author, note, started_at_ms, ended_at_ms, outcome FROM pushes WHERE started_at_ms >= ? AND started_at_ms < ? ORDER BY number';
  return db.all(sql, [fromMs, untilMs]).map((raw) => PushRow.parse(raw));
}

const VerdictRow = z.object({ reporter: HostId, zone: z.string(), verdict: FlowVerdict, flows: z.number(), connections: z.number() });

/** Connections of the period by reporter, zone and what its kernel did. */
export function sumVerdictsByHost(db: ReadDb, { fromMs, untilMs }: Period): z.infer<typeof VerdictRow>[] {
  const sql = `SELECT f.reporter, f.zone, f.verdict, count(DISTINCT f.id) AS flows, sum(h.connections) AS connections FROM flows f JOIN flow_hours h ON h.flow_id = f.id
    WHERE f.last_seen_at_ms >= ? AND h.hour_start_ms >= ? AND h.hour_start_ms < ? GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
  return db.all(sql, [fromMs, fromMs, untilMs]).map((raw) => VerdictRow.parse(raw));
}

const DayRow = z.object({ day_ms: z.number(), verdict: FlowVerdict, connections: z.number() });

/** Connections of the period by day (UTC) and what the kernels did. */
export function sumVerdictsByDay(db: ReadDb, { fromMs, untilMs }: Period): z.infer<typeof DayRow>[] {
  const sql = `SELECT h.hour_start_ms / 86400000 * 86400000 AS day_ms, f.verdict, sum(h.connections) AS connections FROM flows f JOIN flow_hours h ON h.flow_id = f.id
    WHERE f.last_seen_at_ms >= ? AND h.hour_start_ms >= ? AND h.hour_start_ms < ? GROUP BY 1, 2 ORDER BY 1, 2`;
  return db.all(sql, [fromMs, fromMs, untilMs]).map((raw) => DayRow.parse(raw));
}

const PairRow = z.object({ reporter: HostId, direction: z.enum(['in', 'out', 'forward']), peer_address: z.string(), forward_to: z.string(), verdict: FlowVerdict, connections: z.number() });
export type TrafficPair = z.infer<typeof PairRow>;

/** Connections of the period between each reporter and each of its peers. */
export function* iteratePairs(db: ReadDb, { fromMs, untilMs }: Period): Generator<TrafficPair, void, void> {
  const rows = db.iterate(
    `SELECT f.reporter, f.direction, f.peer_address, f.forward_to, f.verdict, sum(h.connections) AS connections FROM flows f JOIN flow_hours h ON h.flow_id = f.id
     WHERE f.last_seen_at_ms >= ? AND h.hour_start_ms >= ? AND h.hour_start_ms < ? GROUP BY 1, 2, 3, 4, 5`,
    [fromMs, fromMs, untilMs],
  );
  for (const raw of rows) yield PairRow.parse(raw);
}

const PeerRow = z.object({ address: z.string(), reporters: z.number(), connections: z.number(), last_hour_ms: z.number() });

/** Every address that was a peer, or the destination of a forwarded flow, in the period. */
export function* iteratePeers(db: ReadDb, { fromMs, untilMs }: Period): Generator<z.infer<typeof PeerRow>, void, void> {
  const seen = "SELECT id, reporter, peer_address AS address, last_seen_at_ms FROM flows UNION ALL SELECT id, reporter, forward_to, last_seen_at_ms FROM flows WHERE direction = 'forward'";
  const rows = db.iterate(
    `SELECT f.address, count(DISTINCT f.reporter) AS reporters, sum(h.connections) AS connections, max(h.hour_start_ms) AS last_hour_ms FROM (${seen}) f JOIN flow_hours h ON h.flow_id = f.id
     WHERE f.last_seen_at_ms >= ? AND h.hour_start_ms >= ? AND h.hour_start_ms < ? GROUP BY f.address ORDER BY f.address`,
    [fromMs, fromMs, untilMs],
  );
  for (const raw of rows) yield PeerRow.parse(raw);
}

const AgentRow = z.object({ at_ms: z.number(), action: z.enum(['agents.install', 'agents.uninstall']), subject: z.string(), detail: z.string() });

/** When agents were installed on hosts and taken off them, up to then, oldest first; `subject` is the host's name then. */
export function listAgentChanges(db: ReadDb, untilMs: number): z.infer<typeof AgentRow>[] {
  return db.all("SELECT at_ms, action, subject, detail FROM audit WHERE action IN ('agents.install', 'agents.uninstall') AND at_ms < ? ORDER BY seq", [untilMs]).map((raw) => AgentRow.parse(raw));
}
