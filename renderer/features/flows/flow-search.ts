import { z } from 'zod';
import { FlowVerdict } from '../../../shared/model/flow.ts';
import type { FlowQuery } from '../../../shared/contract/views.ts';

export const PERIODS = [
  { value: '1h', text: 'Last hour', ms: 3_600_000 },
  { value: '24h', text: 'Last 24 hours', ms: 86_400_000 },
  { value: '7d', text: 'Last 7 days', ms: 604_800_000 },
  { value: '30d', text: 'Last 30 days', ms: 2_592_000_000 },
  { value: 'all', text: 'All that is stored', ms: null },
] as const;

const Period = z.enum(['1h', '24h', '7d', '30d', 'all']);

/** The filters of the flows screen as they stand in the address, so that a view can be linked to. */
export const flowSearch = z.object({
  period: Period.optional().catch(undefined),
  verdict: FlowVerdict.optional().catch(undefined),
  from: z.string().optional().catch(undefined),
  to: z.string().optional().catch(undefined),
  text: z.string().optional().catch(undefined),
});
export type FlowSearch = z.infer<typeof flowSearch>;

export const MAX_ROWS = 5000;

/** The query for a search. `nowMs` is rounded down to the minute, so that the same filters give the same query for a while. */
export function flowQueryOf(search: FlowSearch, nowMs: number): FlowQuery {
  const periodMs = PERIODS.find((period) => period.value === (search.period ?? '7d'))?.ms ?? null;
  const textOrNull = (text: string | undefined) => (text === undefined || text.trim() === '' ? null : text.trim());
  return {
    sinceMs: periodMs === null ? null : Math.floor(nowMs / 60_000) * 60_000 - periodMs,
    untilMs: null,
    verdict: search.verdict === undefined ? null : [search.verdict],
    from: textOrNull(search.from),
    to: textOrNull(search.to),
    text: textOrNull(search.text),
    limit: MAX_ROWS,
    offset: 0,
  };
}
