import { z } from 'zod';
import { AlertKind, type AlertMute, AlertSettings } from '../../shared/model/alert.ts';
import { HostId } from '../../shared/model/ids.ts';
import { findSetting, putSetting } from './setting-values.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const KEY = 'alerts';

/** The agent's README names the same figures of the footprint. */
export const DEFAULT_ALERT_SETTINGS: AlertSettings = {
  silentAfterHours: 0,
  cpuPercent: 1,
  addedLatencyMs: 2,
  storedMegabytes: 256,
  rateFactor: 3,
  rateAtLeast: 200,
  quietAfterDays: 14,
};

/** The defaults until somebody changed them. */
export function loadAlertSettings(db: ReadDb): AlertSettings {
  return findSetting(db, KEY, AlertSettings) ?? DEFAULT_ALERT_SETTINGS;
}

export function saveAlertSettings(tx: WriteDb, settings: AlertSettings): void {
  putSetting(tx, KEY, settings);
}

const MuteRow = z.object({ id: z.number(), kind: AlertKind.nullable(), host_id: HostId.nullable(), zone: z.string().nullable(), until_ms: z.number(), note: z.string(), actor: z.string(), at_ms: z.number() });

/** Those that still hold, the one that ends first first. */
export function listMutes(db: ReadDb, nowMs: number): AlertMute[] {
  return db
    .all('SELECT * FROM alert_mutes WHERE until_ms > ? ORDER BY until_ms, id', [nowMs])
    .map((raw) => MuteRow.parse(raw))
    .map((r) => ({ id: r.id, kind: r.kind, host: r.host_id, zone: r.zone, untilMs: r.until_ms, note: r.note, by: r.actor, atMs: r.at_ms }));
}

/** Gives the number of the new one; drops those that ended before. */
export function insertMute(tx: WriteDb, { kind, host, zone, untilMs, note, by, atMs }: Omit<AlertMute, 'id'>): number {
  tx.run('DELETE FROM alert_mutes WHERE until_ms <= ?', [atMs]);
  return tx.run('INSERT INTO alert_mutes (kind, host_id, zone, until_ms, note, actor, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)', [kind, host, zone, untilMs, note, by, atMs]).lastId;
}

export function deleteMute(tx: WriteDb, id: number): void {
  tx.run('DELETE FROM alert_mutes WHERE id = ?', [id]);
}
