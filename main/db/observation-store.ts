import { z } from 'zod';
import { HostId } from '../../shared/model/ids.ts';
import { hourOf } from './recording-store.ts';
import type { ReadDb } from './sql.ts';

const KeyRow = z.object({ reporter: HostId, direction: z.string(), peer_address: z.string(), protocol: z.string(), port: z.number(), first_seen_at_ms: z.number() });
export type FirstSeen = { reporter: HostId; direction: string; peerAddress: string; protocol: string; port: number; atMs: number };

/** When each peer and service of these hosts was first let through, whatever the user, unit, verdict and version; forwarded flows are left out. */
export function* iterateFirstSeen(db: ReadDb, reporters: readonly HostId[]): Generator<FirstSeen, void, void> {
  const rows = db.iterate(
    `SELECT reporter, direction, peer_address, protocol, port, min(first_seen_at_ms) AS first_seen_at_ms FROM flows
     WHERE reporter IN (SELECT value FROM json_each(?)) AND direction <> 'forward' AND verdict <> 'blocked' GROUP BY reporter, direction, peer_address, protocol, port`,
    [JSON.stringify(reporters)],
  );
  for (const raw of rows) {
    const { peer_address: peerAddress, first_seen_at_ms: atMs, ...rest } = KeyRow.parse(raw);
    yield { ...rest, peerAddress, atMs };
  }
}

const HourRow = z.object({ host_id: HostId, hour_start_ms: z.number(), gap_seconds: z.number(), snapshots: z.number() });
export type RecordedHour = { host: HostId; startMs: number; gapSeconds: number; hasSnapshot: boolean };

/** Hours of these hosts with a snapshot or a gap since then, by host and time. */
export function listRecordedHours(db: ReadDb, hosts: readonly HostId[], sinceMs: number): RecordedHour[] {
  const rows = db.all(
    `SELECT host_id, hour_start_ms, sum(iif(figure = 'gap-seconds', amount, 0)) AS gap_seconds, sum(figure = 'snapshots') AS snapshots FROM recording_hours
     WHERE host_id IN (SELECT value FROM json_each(?)) AND hour_start_ms >= ? AND figure IN ('gap-seconds', 'snapshots') GROUP BY host_id, hour_start_ms ORDER BY host_id, hour_start_ms`,
    [JSON.stringify(hosts), hourOf(sinceMs)],
  );
  return rows.map((raw) => HourRow.parse(raw)).map((r) => ({ host: r.host_id, startMs: r.hour_start_ms, gapSeconds: r.gap_seconds, hasSnapshot: r.snapshots > 0 }));
}

const Timers = z.array(z.object({ unit: z.string(), lastFiredAt: z.number().nullable(), nextFiresAt: z.number().nullable() }));
const CronJobs = z.array(z.object({ user: z.string(), schedule: z.string(), zone: z.string().nullable(), name: z.string() }));
const TimersRow = z.object({ host_id: HostId, timers: z.string(), cron: z.string().nullable(), zone: z.string().nullable() });
export type StoredTimers = { readonly timers: z.infer<typeof Timers>; readonly cron: z.infer<typeof CronJobs>; readonly timeZone: string | null };

/** The timers and cron jobs of each host's last facts, times in epoch seconds by the host's clock; hosts that never told any are left out. Reads nothing else of the facts. */
export function listTimers(db: ReadDb, hosts: readonly HostId[]): Map<HostId, StoredTimers> {
  const rows = db.all(
    `SELECT host_id, json_extract(facts_json, '$.timers') AS timers, json_extract(facts_json, '$.cron') AS cron, json_extract(facts_json, '$.timeZone') AS zone FROM host_states
     WHERE host_id IN (SELECT value FROM json_each(?)) AND json_extract(facts_json, '$.timers') IS NOT NULL`,
    [JSON.stringify(hosts)],
  );
  return new Map(
    rows
      .map((raw) => TimersRow.parse(raw))
      .map((r) => [r.host_id, { timers: Timers.parse(JSON.parse(r.timers)), cron: r.cron === null ? [] : CronJobs.parse(JSON.parse(r.cron)), timeZone: r.zone }]),
  );
}
