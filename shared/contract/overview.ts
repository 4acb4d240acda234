import { z } from 'zod';
import { Kpi } from '../model/kpi.ts';
import { PolicyVersionId } from '../model/ids.ts';
import { ZoneMode } from '../model/policy.ts';
import { AlertCounts } from './alerts.ts';

const count = z.number().int().nonnegative();

/** danger: something is not as it should be now · warning: it will not stay well by itself · note: work that waits. */
export const AttentionLevel = z.enum(['danger', 'warning', 'note']);
export type AttentionLevel = z.infer<typeof AttentionLevel>;

/** One thing to do. `names`: the first few that it is about, `more` how many others. `path` is the place in the window, `command` the same on the command line. */
export const AttentionItem = z.strictObject({
  code: z.string(),
  level: AttentionLevel,
  text: z.string(),
  names: z.array(z.string()),
  more: count,
  action: z.strictObject({ text: z.string(), path: z.string(), command: z.string() }),
});
export type AttentionItem = z.infer<typeof AttentionItem>;

/** Of managed hosts. `reporting`: heard within a day, and no failure since. `enforced`: runs enforce, as it confirmed. */
export const Coverage = z.strictObject({ managed: count, unmanaged: count, withAgent: count, reporting: count, inZone: count, enforced: count });
export type Coverage = z.infer<typeof Coverage>;

/** `running`: its managed hosts by what they confirmed; `none`: nothing was sent to them yet. */
export const ZoneProgress = z.strictObject({ name: z.string(), mode: ZoneMode, hosts: count, running: z.strictObject({ observe: count, test: count, enforce: count, none: count }) });
export type ZoneProgress = z.infer<typeof ZoneProgress>;

/** The record of the last seven days. `coveredPercent` null: nothing was recorded. Gaps are time that no counter covers, at most. Worst first, at most five hosts. */
export const RecordSummary = z.strictObject({
  sinceMs: z.number().int(),
  coveredPercent: z.number().nullable(),
  gapSeconds: count,
  lostPackets: count,
  rejected: count,
  hostsRecorded: count,
  worst: z.array(z.strictObject({ hostName: z.string(), gapSeconds: count, lostPackets: count })),
});
export type RecordSummary = z.infer<typeof RecordSummary>;

export const Overview = z.strictObject({
  atMs: z.number().int(),
  coverage: Coverage,
  alerts: AlertCounts,
  /** Worst first; empty when nothing needs anybody. */
  attention: z.array(AttentionItem),
  zones: z.array(ZoneProgress),
  /** By people, newest first, at most eight. */
  changes: z.array(z.strictObject({ seq: z.number().int(), atMs: z.number().int(), actor: z.string(), action: z.string(), subject: z.string(), detail: z.string() })),
  record: RecordSummary,
  version: PolicyVersionId.nullable(),
  draftChanged: z.boolean(),
});
export type Overview = z.infer<typeof Overview>;

/** `trend`: what was computed on each UTC day of the last 30 on which somebody looked, oldest first; the last is today's. */
export const KpiTrend = z.strictObject({ ...Kpi.shape, trend: z.array(z.strictObject({ dayStartMs: z.number().int(), value: z.number().nullable() })) });
export type KpiTrend = z.infer<typeof KpiTrend>;
/** `atMs`: when it was computed, a minute ago at most. */
export const KpiTrends = z.strictObject({ atMs: z.number().int(), fromMs: z.number().int(), kpis: z.array(KpiTrend) });
export type KpiTrends = z.infer<typeof KpiTrends>;
