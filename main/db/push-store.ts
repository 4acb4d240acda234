import { z } from 'zod';
import { type Push, type PushHost, PushStep } from '../../shared/model/diff.ts';
import { SessionChoice, SessionsCut } from '../../shared/model/session.ts';
import { HostId, PolicyVersionId, PushId } from '../../shared/model/ids.ts';
import { spoolPush } from './forward-events.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const Outcome = z.enum(['running', 'confirmed', 'partly', 'failed', 'interrupted']);
export type PushOutcome = z.infer<typeof Outcome>;

const PushRow = z.object({
  id: PushId,
  version: PolicyVersionId,
  kind: z.enum(['push', 'rollback']),
  author: z.string(),
  note: z.string(),
  started_at_ms: z.number(),
  ended_at_ms: z.number().nullable(),
  outcome: Outcome,
  confirm_within_seconds: z.number(),
  sessions: SessionChoice,
});
const HostRow = z.object({
  host_id: HostId,
  host_name: z.string(),
  bundle: z.string(),
  former_bundle: z.string().nullable(),
  step: PushStep,
  detail: z.string(),
  at_ms: z.number(),
  wave: z.number().nullable(),
  sessions_cut_json: z.string().nullable(),
});
const StepRow = z.object({ host_id: HostId, step: PushStep, detail: z.string(), at_ms: z.number() });

/** `bundle` is the hash that will be sent, `formerBundle` the one that the host ran before (null: none that we sent). */
export type NewPushHost = { host: HostId; hostName: string; bundle: string; formerBundle: string | null; wave?: number | null };
export type NewPush = Omit<Push, 'hosts' | 'endedAtMs' | 'outcome'> & { hosts: readonly NewPushHost[] };
export type PushStepEntry = { host: HostId; step: PushStep; detail: string; atMs: number };

/** Stores a push that begins now (outcome `running`), each host at step `planned`. */
export function insertPush(tx: WriteDb, push: NewPush): void {
  tx.run(
    `INSERT INTO pushes (id, number, version, kind, author, note, started_at_ms, ended_at_ms, outcome, confirm_within_seconds, sessions)
     VALUES (:id, (SELECT coalesce(max(number), 0) + 1 FROM pushes), :version, :kind, :author, :note, :startedAtMs, NULL, 'running', :confirmWithinSeconds, :sessions)`,
    {
      id: push.id,
      version: push.version,
      kind: push.kind,
      author: push.author,
      note: push.note,
      startedAtMs: push.startedAtMs,
      confirmWithinSeconds: push.confirmWithinSeconds,
      sessions: push.sessions,
    },
  );
  push.hosts.forEach((host, position) => {
    tx.run('INSERT INTO push_hosts (push_id, host_id, host_name, bundle, former_bundle, position, wave) VALUES (?, ?, ?, ?, ?, ?, ?)', [
      push.id,
      host.host,
      host.hostName,
      host.bundle,
      host.formerBundle,
      position,
      host.wave ?? null,
    ]);
    appendPushStep(tx, push.id, { host: host.host, step: 'planned', detail: '', atMs: push.startedAtMs });
  });
  tell(tx, push.id);
}

/** Appends a transition of one host; the newest is its state. Store it before acting on it. */
export function appendPushStep(tx: WriteDb, push: PushId, entry: PushStepEntry): void {
  tx.run('INSERT INTO push_steps (push_id, host_id, step, detail, at_ms) VALUES (?, ?, ?, ?, ?)', [push, entry.host, entry.step, entry.detail, entry.atMs]);
}

/** Sets how the push stands; `endedAtMs` null while hosts are still to be asked. */
export function setPushOutcome(tx: WriteDb, push: PushId, outcome: PushOutcome, endedAtMs: number | null): void {
  tx.run('UPDATE pushes SET outcome = ?, ended_at_ms = ? WHERE id = ?', [outcome, endedAtMs, push]);
  tell(tx, push);
}

/** One that was interrupted stands so since the last that is known of it. */
function tell(tx: WriteDb, id: PushId): void {
  const push = findPush(tx, id);
  if (push !== undefined) spoolPush(tx, push, push.endedAtMs ?? Math.max(push.startedAtMs, ...push.hosts.map(({ changedAtMs }) => changedAtMs)));
}

const PUSH_COLUMNS = 'id, version, kind, author, note, started_at_ms, ended_at_ms, outcome, confirm_within_seconds, sessions';
const MEMBERS_SQL = `SELECT h.host_id, h.host_name, h.bundle, h.former_bundle, h.sessions_cut_json, h.wave, s.step, s.detail, s.at_ms
  FROM push_hosts h JOIN push_steps s ON s.id = (SELECT max(id) FROM push_steps WHERE push_id = h.push_id AND host_id = h.host_id)
  WHERE h.push_id = ?`;
const HOST_SQL = `${MEMBERS_SQL} AND h.host_id = ?`;
const HOSTS_SQL = `${MEMBERS_SQL} ORDER BY h.position`;

function toPush(db: ReadDb, raw: unknown): Push {
  const r = PushRow.parse(raw);
  return {
    id: r.id,
    version: r.version,
    kind: r.kind,
    author: r.author,
    note: r.note,
    startedAtMs: r.started_at_ms,
    endedAtMs: r.ended_at_ms,
    outcome: r.outcome,
    confirmWithinSeconds: r.confirm_within_seconds,
    sessions: r.sessions,
    hosts: db.all(HOSTS_SQL, [r.id]).map(toPushHost),
  };
}

function toPushHost(raw: unknown): PushHost {
  const r = HostRow.parse(raw);
  const sessionsCut = r.sessions_cut_json === null ? null : SessionsCut.parse(JSON.parse(r.sessions_cut_json));
  return { host: r.host_id, hostName: r.host_name, step: r.step, bundle: r.bundle, detail: r.detail, changedAtMs: r.at_ms, wave: r.wave, sessionsCut };
}

/** How one host of the push stands now; undefined: it is not in the push. */
export function findPushHost(db: ReadDb, push: PushId, host: HostId): PushHost | undefined {
  const row = db.one(HOST_SQL, [push, host]);
  return row === undefined ? undefined : toPushHost(row);
}

export function findPush(db: ReadDb, id: PushId): Push | undefined {
  const row = db.one(`SELECT ${PUSH_COLUMNS} FROM pushes WHERE id = ?`, [id]);
  return row === undefined ? undefined : toPush(db, row);
}

/** Newest first; only those with one of `outcomes` when given. */
export function listPushes(db: ReadDb, filter: { limit: number; outcomes?: readonly PushOutcome[] }): Push[] {
  const rows = db.all(`SELECT ${PUSH_COLUMNS} FROM pushes WHERE outcome IN (SELECT value FROM json_each(?)) ORDER BY number DESC LIMIT ?`, [
    JSON.stringify(filter.outcomes ?? Outcome.options),
    filter.limit,
  ]);
  return rows.map((row) => toPush(db, row));
}

/** Every transition of a push, oldest first. */
export function listPushSteps(db: ReadDb, push: PushId): PushStepEntry[] {
  return db.all('SELECT host_id, step, detail, at_ms FROM push_steps WHERE push_id = ? ORDER BY id', [push]).map((raw) => {
    const r = StepRow.parse(raw);
    return { host: r.host_id, step: r.step, detail: r.detail, atMs: r.at_ms };
  });
}

/** Who goes when, from wave 1 on; with one wave or none all go at once. Hosts that are in none have none. */
export function setWaves(tx: WriteDb, push: PushId, waves: readonly (readonly HostId[])[]): void {
  tx.run('UPDATE push_hosts SET wave = NULL WHERE push_id = ?', [push]);
  if (waves.length < 2) return;
  for (const [index, wave] of waves.entries()) for (const host of wave) tx.run('UPDATE push_hosts SET wave = ? WHERE push_id = ? AND host_id = ?', [index + 1, push, host]);
}

/** What each host of the push ran before it, as stored when the push began. */
export function listFormerBundles(db: ReadDb, push: PushId): Map<HostId, string | null> {
  return new Map(
    db
      .all(HOSTS_SQL, [push])
      .map((raw) => HostRow.parse(raw))
      .map((r) => [r.host_id, r.former_bundle]),
  );
}

/** What became of the host's live connections that its new rules forbid. */
export function setSessionsCut(tx: WriteDb, push: PushId, host: HostId, cut: SessionsCut): void {
  tx.run('UPDATE push_hosts SET sessions_cut_json = ? WHERE push_id = ? AND host_id = ?', [JSON.stringify(cut), push, host]);
}

/** What the host says that it has confirmed now, read back just before loading. */
export function setFormerBundle(tx: WriteDb, push: PushId, host: HostId, formerBundle: string | null): void {
  tx.run('UPDATE push_hosts SET former_bundle = ? WHERE push_id = ? AND host_id = ?', [formerBundle, push, host]);
}

/** What the host was confirmed to run, by pushes, newest first. `mode` null: the bundle is not kept any more. */
export function listConfirmedModes(db: ReadDb, host: HostId): { atMs: number; mode: string | null }[] {
  const Row = z.object({ at_ms: z.number(), mode: z.string().nullable() });
  return db
    .all(
      `SELECT s.at_ms, b.mode FROM push_steps s JOIN push_hosts h ON h.push_id = s.push_id AND h.host_id = s.host_id
       LEFT JOIN bundles b ON b.host_id = h.host_id AND b.hash = h.bundle WHERE s.host_id = ? AND s.step = 'confirmed' ORDER BY s.id DESC`,
      [host],
    )
    .map((raw) => Row.parse(raw))
    .map((r) => ({ atMs: r.at_ms, mode: r.mode }));
}
