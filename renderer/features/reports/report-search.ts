import { z } from 'zod';
import { Framework, ReportKind, type ReportOrder } from '../../../shared/contract/report-kinds.ts';

const HOUR_MS = 3_600_000;

export const REPORT_PERIODS = [
  { value: '7d', text: 'Last 7 days', hours: 168 },
  { value: '30d', text: 'Last 30 days', hours: 720 },
  { value: '90d', text: 'Last 90 days', hours: 2160 },
] as const;

/** Which report, of which period, as it stands in the address. */
export const reportSearch = z.object({
  kind: ReportKind.optional().catch(undefined),
  period: z.enum(['7d', '30d', '90d']).optional().catch(undefined),
  framework: Framework.optional().catch(undefined),
});
export type ReportSearch = z.infer<typeof reportSearch>;

/** What the backend is asked for. Whole hours that have ended, so that preview, PDF and CSV of one view are of one period. */
export function orderOf({ kind = 'segmentation', period = '30d', framework }: ReportSearch, nowMs: number): ReportOrder & { fromMs: number; untilMs: number } {
  const hours = REPORT_PERIODS.find(({ value }) => value === period)?.hours ?? 720;
  const untilMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  return { kind, framework: kind === 'frameworks' ? (framework ?? null) : null, fromMs: untilMs - hours * HOUR_MS, untilMs };
}

/** `firebreak-rules-2026-10-22-to-2026-11-21.pdf`. */
export function reportFileName({ kind, framework, fromMs, untilMs }: ReturnType<typeof orderOf>, extension: 'pdf' | 'csv'): string {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return `firebreak-${framework ?? kind}-${day(fromMs)}-to-${day(untilMs)}.${extension}`;
}
