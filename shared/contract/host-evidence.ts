import { z } from 'zod';
import { FootprintLimits } from '../model/alert.ts';

const count = z.number().int().nonnegative();

/**
 * One hour of the record of one host. complete: a snapshot, nothing lost · late: no snapshot in this hour, and the next one counted what came in it ·
 * lost: packets were counted that no set had room for, or elements were not understood · gap: no counter covers some of it · waiting: not fetched yet ·
 * before: nothing had been recorded yet. The worst that holds, in the order gap, lost.
 */
export const QualityHour = z.strictObject({
  startMs: z.number().int(),
  state: z.enum(['complete', 'late', 'lost', 'gap', 'waiting', 'before']),
  snapshots: count,
  /** Packets of new connections that were counted and not described, and flows beyond the limit of a host. */
  lost: count,
  /** Seconds that no counter covers, at most. */
  gapSeconds: count,
  /** Connections that were recorded without user and unit because the finer set was full. */
  coarse: count,
  /** Elements and lines that were not understood. */
  rejected: count,
  restarts: count,
  /** Host's clock less the console's when it was read in this hour, the worst; null: not read. The host tells whole seconds. */
  clockOffsetMs: z.number().int().nullable(),
});
export type QualityHour = z.infer<typeof QualityHour>;

/** `hours` is contiguous, oldest first, whole hours UTC, ends with the present one. */
export const HostQuality = z.strictObject({
  sinceMs: z.number().int(),
  lastSnapshotAtMs: z.number().int().nullable(),
  hours: z.array(QualityHour),
  totals: z.strictObject({ complete: count, late: count, lost: count, gap: count, waiting: count, before: count }),
});
export type HostQuality = z.infer<typeof HostQuality>;

/** One run of the agent. `peakBytes` null: not known (agent/README.md “Footprint”). */
export const HostRun = z.strictObject({
  seq: count,
  atMs: z.number().int(),
  command: z.string(),
  exitCode: z.number().int(),
  cpuMs: count,
  wallMs: count,
  peakBytes: count.nullable(),
  sentBytes: count.nullable(),
});
export type HostRun = z.infer<typeof HostRun>;

/** Sums over the day before the last run that is known, by the host's own clock. */
export const FootprintSummary = z.strictObject({
  lastRunAtMs: z.number().int(),
  /** How much of that day the known runs cover; less than a day for a young agent. */
  coveredMs: count,
  runs: count,
  cpuMs: count,
  /** Of one CPU, averaged over the whole day. */
  cpuPercent: z.number().nonnegative(),
  /** The largest that is known. */
  peakBytes: count.nullable(),
  sentBytes: count,
  /** All files of the agent's state folder when they were last counted. */
  storedBytes: count,
  /** Dearest first. */
  commands: z.array(z.strictObject({ command: z.string(), runs: count, cpuMs: count, maxCpuMs: count, peakBytes: count.nullable() })),
});
export type FootprintSummary = z.infer<typeof FootprintSummary>;

/** Time of a TCP connect in a private pair of network namespaces on the host itself: with no rules, and with the rules that it ran. Microseconds. */
export const HostLatency = z.strictObject({
  measuredAtMs: z.number().int(),
  bundle: z.string().nullable(),
  connects: count,
  withoutP50Us: count,
  withoutP99Us: count,
  withP50Us: count,
  withP99Us: count,
});
export type HostLatency = z.infer<typeof HostLatency>;

export const HostFootprint = z.strictObject({
  summary: FootprintSummary.nullable(),
  latency: HostLatency.nullable(),
  /** Newest first, at most 20. */
  recent: z.array(HostRun),
  /** Those of the workspace, which figures are told against. */
  limits: FootprintLimits,
});
export type HostFootprint = z.infer<typeof HostFootprint>;

/** One row of `firebreak doctor`. Null: not known. */
export const HostHealth = z.strictObject({
  hostName: z.string(),
  agentVersion: z.string().nullable(),
  reachable: z.boolean().nullable(),
  lastContactAtMs: z.number().int().nullable(),
  clockOffsetMs: z.number().int().nullable(),
  /** ok: rules, timers and boot unit are as they should be. */
  verify: z.enum(['ok', 'changed', 'off', 'unknown']),
  summary: FootprintSummary.nullable(),
  latency: HostLatency.nullable(),
  /** Age of the newest snapshot that the console has. */
  spoolAgeMs: count.nullable(),
  /** Whether the host takes bundles of this workspace's key only. */
  keyPinned: z.boolean().nullable(),
  hostKeyPinned: z.boolean(),
  /** Sentences; empty: nothing needs attention. */
  attention: z.array(z.string()),
});
export type HostHealth = z.infer<typeof HostHealth>;
