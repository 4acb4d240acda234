import type { FlowFilters, FlowPeriod } from '../contract/flow-pages.ts';
import type { FlowQuery } from '../contract/views.ts';

export const PERIODS: readonly { readonly value: FlowPeriod; readonly text: string; readonly ms: number | null }[] = [
  { value: '1h', text: 'Last hour', ms: 3_600_000 },
  { value: '24h', text: 'Last 24 hours', ms: 86_400_000 },
  { value: '7d', text: 'Last 7 days', ms: 604_800_000 },
  { value: '30d', text: 'Last 30 days', ms: 2_592_000_000 },
  { value: 'all', text: 'All that is stored', ms: null },
];

const MINUTE_MS = 60_000;

/** What is asked for by these filters. `nowMs` is rounded down to the minute, so that the same filters give the same query for a while; blank texts are no filter. */
export function queryOfFilters(filters: FlowFilters, nowMs: number): Omit<FlowQuery, 'limit' | 'offset'> {
  const periodMs = PERIODS.find((period) => period.value === (filters.period ?? '7d'))?.ms ?? null;
  const hasRange = filters.since !== undefined || filters.until !== undefined;
  const sinceOfPeriod = periodMs === null ? null : Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - periodMs;
  return {
    sinceMs: hasRange ? (filters.since ?? null) : sinceOfPeriod,
    untilMs: filters.until ?? null,
    verdict: filters.verdict === undefined ? null : [filters.verdict],
    draft: filters.draft === undefined ? null : [filters.draft],
    from: textOrNull(filters.from),
    to: textOrNull(filters.to),
    text: textOrNull(filters.text),
    service: textOrNull(filters.service),
    user: textOrNull(filters.user),
    unit: textOrNull(filters.unit),
  };
}

const textOrNull = (text: string | undefined): string | null => (text === undefined || text.trim() === '' ? null : text.trim());
