import { z } from 'zod';
import { AlertKind, AlertSubject } from '../../shared/model/alert.ts';
import { HostId } from '../../shared/model/ids.ts';
import type { ReadDb, WriteDb } from './sql.ts';

export type StoredAlert = {
  id: number;
  host: HostId;
  kind: AlertKind;
  key: string;
  subject: AlertSubject;
  count: number;
  firstAtMs: number;
  lastAtMs: number;
  openedAtMs: number;
  acknowledged: { by: string; atMs: number; note: string } | null;
  settled: { atMs: number; why: string } | null;
};
/** `atMs`: when the cause was there; `count`: how often it came with this. */
export type NewAlert = Pick<StoredAlert, 'host' | 'kind' | 'key' | 'subject' | 'count'> & { atMs: number };

const Row = z.object({
  id: z.number(),
  host_id: HostId,
  kind: AlertKind,
  key: z.string(),
  subject_json: z.string(),
  count: z.number(),
  first_at_ms: z.number(),
  last_at_ms: z.number(),
  opened_at_ms: z.number(),
  ack_by: z.string().nullable(),
  ack_at_ms: z.number().nullable(),
  ack_note: z.string().nullable(),
  settled_at_ms: z.number().nullable(),
  settled_why: z.string().nullable(),
});

function toAlert(raw: unknown): StoredAlert {
  const r = Row.parse(raw);
  return {
    id: r.id,
    host: r.host_id,
    kind: r.kind,
    key: r.key,
    subject: AlertSubject.parse(JSON.parse(r.subject_json)),
    count: r.count,
    firstAtMs: r.first_at_ms,
    lastAtMs: r.last_at_ms,
    openedAtMs: r.opened_at_ms,
    acknowledged: r.ack_by === null ? null : { by: r.ack_by, atMs: r.ack_at_ms ?? 0, note: r.ack_note ?? '' },
    settled: r.settled_at_ms === null ? null : { atMs: r.settled_at_ms, why: r.settled_why ?? '' },
  };
}

/** In no order; those that have settled only when they are asked for. */
export const listAlerts = (db: ReadDb, { settled }: { settled: boolean }): StoredAlert[] => db.all(`SELECT * FROM alerts${settled ? '' : ' WHERE settled_at_ms IS NULL'}`).map(toAlert);

const GroupRow = z.object({ host_id: HostId, kind: AlertKind, is_acknowledged: z.number(), is_settled: z.number(), n: z.number() });
export type AlertGroup = { host: HostId; kind: AlertKind; isAcknowledged: boolean; isSettled: boolean; alerts: number };

/** How many there are by host, kind and what became of them; what an alert is about is not read. */
export function listAlertGroups(db: ReadDb): AlertGroup[] {
  const rows = db.all(
    'SELECT host_id, kind, ack_by IS NOT NULL AS is_acknowledged, settled_at_ms IS NOT NULL AS is_settled, count(*) AS n FROM alerts GROUP BY host_id, kind, is_acknowledged, is_settled',
  );
  return rows.map((raw) => GroupRow.parse(raw)).map((r) => ({ host: r.host_id, kind: r.kind, isAcknowledged: r.is_acknowledged === 1, isSettled: r.is_settled === 1, alerts: r.n }));
}

/** Those of one host and kind that have not settled. */
export const listLiveAlerts = (db: ReadDb, host: HostId, kind: AlertKind): StoredAlert[] =>
  db.all('SELECT * FROM alerts WHERE host_id = ? AND kind = ? AND settled_at_ms IS NULL', [host, kind]).map(toAlert);

export function findAlert(db: ReadDb, id: number): StoredAlert | undefined {
  const row = db.one('SELECT * FROM alerts WHERE id = ?', [id]);
  return row === undefined ? undefined : toAlert(row);
}

export function findAlertOf(db: ReadDb, { host, kind, key }: Pick<StoredAlert, 'host' | 'kind' | 'key'>): StoredAlert | undefined {
  const row = db.one('SELECT * FROM alerts WHERE host_id = ? AND kind = ? AND key = ?', [host, kind, key]);
  return row === undefined ? undefined : toAlert(row);
}

export function countLiveAlerts(db: ReadDb, host: HostId, kind: AlertKind): number {
  return z.object({ n: z.number() }).parse(db.one('SELECT count(*) AS n FROM alerts WHERE host_id = ? AND kind = ? AND settled_at_ms IS NULL', [host, kind])).n;
}

export function insertAlert(tx: WriteDb, { host, kind, key, subject, count, atMs }: NewAlert, openedAtMs: number): void {
  tx.run('INSERT INTO alerts (host_id, kind, key, subject_json, count, first_at_ms, last_at_ms, opened_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)', [
    host, kind, key, JSON.stringify(subject), count, atMs, atMs, openedAtMs,
  ]);
}

/** The cause came again; who acknowledged it is not told anew. */
export function addToAlert(tx: WriteDb, id: number, { subject, count, atMs }: NewAlert): void {
  tx.run('UPDATE alerts SET subject_json = ?, count = count + ?, first_at_ms = min(first_at_ms, ?), last_at_ms = max(last_at_ms, ?) WHERE id = ?', [JSON.stringify(subject), count, atMs, atMs, id]);
}

/** Open again, whoever had acknowledged it before. */
export function reopenAlert(tx: WriteDb, id: number, openedAtMs: number): void {
  tx.run('UPDATE alerts SET opened_at_ms = ?, settled_at_ms = NULL, settled_why = NULL, ack_by = NULL, ack_at_ms = NULL, ack_note = NULL WHERE id = ?', [openedAtMs, id]);
}

export function settleAlert(tx: WriteDb, id: number, atMs: number, why: string): void {
  tx.run('UPDATE alerts SET settled_at_ms = ?, settled_why = ? WHERE id = ? AND settled_at_ms IS NULL', [atMs, why, id]);
}

/** Null takes it back. */
export function acknowledgeAlert(tx: WriteDb, id: number, ack: StoredAlert['acknowledged']): void {
  tx.run('UPDATE alerts SET ack_by = ?, ack_at_ms = ?, ack_note = ? WHERE id = ?', [ack?.by ?? null, ack?.atMs ?? null, ack?.note ?? null, id]);
}

/** As many settled ones a host and kind are kept, and none longer than 90 days. */
const KEPT_SETTLED = 500;
const KEPT_SETTLED_MS = 90 * 86_400_000;

export function dropOldAlerts(tx: WriteDb, host: HostId, kind: AlertKind, nowMs: number): void {
  tx.run(
    `DELETE FROM alerts WHERE host_id = ? AND kind = ? AND settled_at_ms IS NOT NULL
     AND (settled_at_ms < ? OR id IN (SELECT id FROM alerts WHERE host_id = ? AND kind = ? AND settled_at_ms IS NOT NULL ORDER BY settled_at_ms DESC LIMIT -1 OFFSET ?))`,
    [host, kind, nowMs - KEPT_SETTLED_MS, host, kind, KEPT_SETTLED],
  );
}
