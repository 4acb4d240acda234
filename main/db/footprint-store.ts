import { z } from 'zod';
import { FootprintSummary, HostLatency, type HostRun } from '../../shared/contract/host-evidence.ts';
import { HostId } from '../../shared/model/ids.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** Three days of timers; a host that makes up runs cannot fill the disk. */
const KEPT_A_HOST = 1024;

const RunRow = z.object({
  seq: z.number(),
  at_ms: z.number(),
  command: z.string(),
  exit_code: z.number(),
  cpu_ms: z.number(),
  wall_ms: z.number(),
  peak_bytes: z.number().nullable(),
  sent_bytes: z.number().nullable(),
});
const SummaryRow = z.object({ host_id: HostId, summary_json: z.string().nullable(), latency_json: z.string().nullable() });

export type StoredFootprint = { summary: FootprintSummary | null; latency: HostLatency | null };

/** 0 when none is stored. */
export function lastRunSeq(db: ReadDb, host: HostId): number {
  return z.object({ seq: z.number() }).parse(db.one('SELECT coalesce(max(seq), 0) AS seq FROM host_runs WHERE host_id = ?', [host])).seq;
}

/** Adds runs (one that is stored already is passed over) and drops the oldest beyond 1,024. */
export function addRuns(tx: WriteDb, host: HostId, runs: readonly HostRun[]): void {
  for (const r of runs) {
    tx.run('INSERT OR IGNORE INTO host_runs (host_id, seq, at_ms, command, exit_code, cpu_ms, wall_ms, peak_bytes, sent_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
      host, r.seq, r.atMs, r.command, r.exitCode, r.cpuMs, r.wallMs, r.peakBytes, r.sentBytes,
    ]);
  }
  tx.run('DELETE FROM host_runs WHERE host_id = ? AND seq <= (SELECT seq FROM host_runs WHERE host_id = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)', [host, host, KEPT_A_HOST]);
}

/** Newest first by the host's own numbers. */
export function listRuns(db: ReadDb, host: HostId, limit: number): HostRun[] {
  return db.all('SELECT seq, at_ms, command, exit_code, cpu_ms, wall_ms, peak_bytes, sent_bytes FROM host_runs WHERE host_id = ? ORDER BY seq DESC, command LIMIT ?', [host, limit]).map((raw) => {
    const r = RunRow.parse(raw);
    return { seq: r.seq, atMs: r.at_ms, command: r.command, exitCode: r.exit_code, cpuMs: r.cpu_ms, wallMs: r.wall_ms, peakBytes: r.peak_bytes, sentBytes: r.sent_bytes };
  });
}

export function saveSummary(tx: WriteDb, host: HostId, summary: FootprintSummary): void {
  tx.run('INSERT INTO host_footprints (host_id, summary_json) VALUES (?, ?) ON CONFLICT (host_id) DO UPDATE SET summary_json = excluded.summary_json', [host, JSON.stringify(summary)]);
}

export function saveLatency(tx: WriteDb, host: HostId, latency: HostLatency): void {
  tx.run('INSERT INTO host_footprints (host_id, latency_json) VALUES (?, ?) ON CONFLICT (host_id) DO UPDATE SET latency_json = excluded.latency_json', [host, JSON.stringify(latency)]);
}

/** What was measured otherwise stays. */
export function deleteRuns(tx: WriteDb, host: HostId): void {
  tx.run('DELETE FROM host_runs WHERE host_id = ?', [host]);
}

/** The host counts from the beginning again (a fresh install), or has no agent any more. */
export function deleteFootprint(tx: WriteDb, host: HostId): void {
  tx.run('DELETE FROM host_runs WHERE host_id = ?', [host]);
  tx.run('DELETE FROM host_footprints WHERE host_id = ?', [host]);
}

/** Hosts of which nothing is known are left out. */
export function listFootprints(db: ReadDb): Map<HostId, StoredFootprint> {
  return new Map(db.all('SELECT host_id, summary_json, latency_json FROM host_footprints').map(toFootprint));
}

export function findFootprint(db: ReadDb, host: HostId): StoredFootprint {
  const row = db.one('SELECT host_id, summary_json, latency_json FROM host_footprints WHERE host_id = ?', [host]);
  return row === undefined ? { summary: null, latency: null } : toFootprint(row)[1];
}

function toFootprint(raw: unknown): [HostId, StoredFootprint] {
  const row = SummaryRow.parse(raw);
  return [
    row.host_id,
    {
      summary: row.summary_json === null ? null : FootprintSummary.parse(JSON.parse(row.summary_json)),
      latency: row.latency_json === null ? null : HostLatency.parse(JSON.parse(row.latency_json)),
    },
  ];
}
