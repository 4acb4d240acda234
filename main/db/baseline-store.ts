import { z } from 'zod';
import { HostId } from '../../shared/model/ids.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/**
 * A counter of one set element as last drained. `owed`: refusals that were listed before the packets that they belong to (sets are listed
 * one after the other), to be taken off the next difference. `expiresAtMs`: when the kernel drops the element if nothing comes.
 */
export type Baseline = { packets: number; owed: number; expiresAtMs: number };
const Row = z.object({ set_name: z.string(), key: z.string(), packets: z.number(), owed: z.number(), expires_at_ms: z.number() });

/** How far a host was drained: its last snapshot. */
export type DrainCursor = { seq: number; epoch: string; atMs: number };
const CursorRow = z.object({ seq: z.number(), epoch: z.string(), at_ms: z.number() });

export const baselineKey = (set: string, key: string): string => `${set} ${key}`;

/** By `baselineKey`. */
export function listBaselines(db: ReadDb, host: HostId): Map<string, Baseline> {
  const rows = db.all('SELECT set_name, key, packets, owed, expires_at_ms FROM flow_baselines WHERE host_id = ?', [host]).map((raw) => Row.parse(raw));
  return new Map(rows.map((r) => [baselineKey(r.set_name, r.key), { packets: r.packets, owed: r.owed, expiresAtMs: r.expires_at_ms }]));
}

export function saveBaseline(tx: WriteDb, host: HostId, set: string, key: string, baseline: Baseline): void {
  tx.run(
    `INSERT INTO flow_baselines (host_id, set_name, key, packets, owed, expires_at_ms) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (host_id, set_name, key) DO UPDATE SET packets = excluded.packets, owed = excluded.owed, expires_at_ms = excluded.expires_at_ms`,
    [host, set, key, baseline.packets, baseline.owed, baseline.expiresAtMs],
  );
}

/** Drops what the kernel has dropped by then: should the element come again, it counts from 0. */
export function dropExpiredBaselines(tx: WriteDb, host: HostId, atMs: number): void {
  tx.run('DELETE FROM flow_baselines WHERE host_id = ? AND expires_at_ms <= ?', [host, atMs]);
}

export function dropBaselines(tx: WriteDb, host: HostId): void {
  tx.run('DELETE FROM flow_baselines WHERE host_id = ?', [host]);
}

export function findCursor(db: ReadDb, host: HostId): DrainCursor | undefined {
  const row = db.one('SELECT seq, epoch, at_ms FROM drain_cursors WHERE host_id = ?', [host]);
  if (row === undefined) return undefined;
  const r = CursorRow.parse(row);
  return { seq: r.seq, epoch: r.epoch, atMs: r.at_ms };
}

/** Of every host that was ever drained. */
export function listCursors(db: ReadDb): Map<HostId, DrainCursor> {
  const Row = CursorRow.extend({ host_id: HostId });
  return new Map(
    db
      .all('SELECT host_id, seq, epoch, at_ms FROM drain_cursors')
      .map((raw) => Row.parse(raw))
      .map((r) => [r.host_id, { seq: r.seq, epoch: r.epoch, atMs: r.at_ms }]),
  );
}

export function saveCursor(tx: WriteDb, host: HostId, cursor: DrainCursor): void {
  tx.run(
    `INSERT INTO drain_cursors (host_id, seq, epoch, at_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (host_id) DO UPDATE SET seq = excluded.seq, epoch = excluded.epoch, at_ms = excluded.at_ms`,
    [host, cursor.seq, cursor.epoch, cursor.atMs],
  );
}

/** After a fresh install the host's snapshots count from 1 again. */
export function dropCursor(tx: WriteDb, host: HostId): void {
  tx.run('DELETE FROM drain_cursors WHERE host_id = ?', [host]);
  dropBaselines(tx, host);
}
