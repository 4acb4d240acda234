/** Counted connections of one hour; `hasSnapshot`: the host's counters were read in it. */
export type CountedHour = { readonly startMs: number; readonly connections: number; readonly hasSnapshot: boolean };
export type RateLimits = { readonly rateFactor: number; readonly rateAtLeast: number };
export type RateJudgement = { readonly hourStartMs: number; readonly perHour: number; readonly busiestPerHour: number; readonly isFarBeyond: boolean };

const HOUR_MS = 3_600_000;
/** Two Sundays are in it, so that what comes once a week is part of the usual. */
export const USUAL_PERIOD_MS = 14 * 24 * HOUR_MS;
/** A host whose busy hours are not known yet is beyond nothing. */
const MIN_HOURS = 24;
/** Counters reach back a day. */
const MAX_SPAN_HOURS = 24;

/**
 * Judges each hour from `fromMs` on that has a snapshot: far beyond its own usual is what has more than `rateFactor` times the connections an hour of the
 * busiest hour of the 14 days before, and at least `rateAtLeast`; with less than 24 hours of record before it, nothing is. What was counted since the snapshot
 * before is spread over the hours between: else hours without a snapshot would look like a rush. `hours` ascend and need not be contiguous. Pure.
 */
export function judgeRates(hours: readonly CountedHour[], fromMs: number, limits: RateLimits): RateJudgement[] {
  const spans = toSpans(hours);
  return spans
    .filter(({ endMs }) => endMs >= fromMs)
    .flatMap((span): RateJudgement[] => {
      const before = spans.filter(({ endMs }) => endMs < span.endMs && endMs >= span.endMs - USUAL_PERIOD_MS);
      const knownHours = before.reduce((sum, { lengthHours }) => sum + lengthHours, 0);
      if (knownHours < MIN_HOURS) return [];
      const busiestPerHour = Math.max(...before.map(({ perHour }) => perHour));
      const isFarBeyond = span.perHour >= limits.rateAtLeast && span.perHour > limits.rateFactor * busiestPerHour;
      return [{ hourStartMs: span.endMs, perHour: span.perHour, busiestPerHour, isFarBeyond }];
    });
}

type Span = { readonly endMs: number; readonly lengthHours: number; readonly perHour: number };

/** One span for each hour with a snapshot, reaching back to the one before. */
function toSpans(hours: readonly CountedHour[]): Span[] {
  const spans: Span[] = [];
  let connections = 0;
  let formerMs: number | null = null;
  for (const hour of hours) {
    connections += hour.connections;
    if (!hour.hasSnapshot) continue;
    const lengthHours: number = formerMs === null ? 1 : Math.min(MAX_SPAN_HOURS, Math.max(1, (hour.startMs - formerMs) / HOUR_MS));
    spans.push({ endMs: hour.startMs, lengthHours, perHour: connections / lengthHours });
    connections = 0;
    formerMs = hour.startMs;
  }
  return spans;
}
