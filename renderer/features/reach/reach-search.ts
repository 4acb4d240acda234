import { z } from 'zod';
import { sinceOfPeriod } from '../../../shared/contract/map-query.ts';
import { ReachDirection, ReachPolicy } from '../../../shared/contract/reach-views.ts';

export const MATRIX_PERIODS = [
  { value: '24h', text: 'Last 24 hours', ms: 86_400_000 },
  { value: '7d', text: 'Last 7 days', ms: 604_800_000 },
  { value: '30d', text: 'Last 30 days', ms: 2_592_000_000 },
  { value: 'all', text: 'All that is stored', ms: null },
] as const;

export const MATRIX_LAYERS = ['seen', 'live', 'draft'] as const;
export type MatrixLayer = (typeof MATRIX_LAYERS)[number];

/** What the matrix shows, and the cell that is open (`from`, `to` are keys of its rows and columns), as it stands in the address. */
export const matrixSearch = z.object({
  layer: z.enum(MATRIX_LAYERS).optional().catch(undefined),
  period: z.enum(['24h', '7d', '30d', 'all']).optional().catch(undefined),
  text: z.string().optional().catch(undefined),
  from: z.string().optional().catch(undefined),
  to: z.string().optional().catch(undefined),
});
export type MatrixSearch = z.infer<typeof matrixSearch>;

/** Start, direction, policy and hops of the reach screen; `to` is the host that the path is shown to. */
export const reachSearch = z.object({
  of: z.string().optional().catch(undefined),
  direction: ReachDirection.optional().catch(undefined),
  policy: ReachPolicy.optional().catch(undefined),
  hops: z.number().int().min(1).max(16).optional().catch(undefined),
  to: z.string().optional().catch(undefined),
});
export type ReachSearch = z.infer<typeof reachSearch>;

/** Since when, in epoch ms; null is ever. As the map has it, so that both are made from the same conversations. */
export function sinceOf(period: MatrixSearch['period'], nowMs: number): number | null {
  const periodMs = MATRIX_PERIODS.find(({ value }) => value === (period ?? '7d'))?.ms ?? null;
  return periodMs === null ? null : sinceOfPeriod(periodMs, nowMs);
}
