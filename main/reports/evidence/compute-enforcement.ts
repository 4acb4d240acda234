import type { EvidenceDerived, EvidencePeriod, EvidenceSources, RowOf } from './evidence-tables.ts';
import { type ModeSpan, traceModes } from './trace-modes.ts';

type Gap = { readonly from: number; readonly until: number; readonly cause: string };
export type Enforcement = Pick<EvidenceDerived, 'mode_history' | 'enforcement' | 'enforcement_gaps' | 'zone_enforcement'>;

/** States of recorded hours in which nothing shows that the rules were at work; an hour that has a gap counts as a whole. */
const NOT_SHOWN: ReadonlyMap<string, string> = new Map([
  ['gap', 'no counter covers all of it (a restart, or counters that began anew)'],
  ['waiting', 'its record was not fetched yet'],
  ['before', 'its record had not begun'],
]);

/**
 * “Enforced throughout the period” for each managed host and the zone that it is in: yes only if at every moment it ran enforce for that zone, with the rules that were
 * confirmed, and its record covers that. One gap fails it, and every gap has its cause. Hosts without a zone have no row.
 */
export function computeEnforcement(sources: EvidenceSources, period: EvidencePeriod): Enforcement {
  const hostOf = ({ host }: { readonly host: string }) => host;
  const [stepsOf, eventsOf, recordOf] = [Map.groupBy(sources.push_steps, hostOf), Map.groupBy(sources.integrity, hostOf), Map.groupBy(sources.recording, hostOf)];
  const modeOf = new Map(sources.zones.map(({ zone, mode }) => [zone, mode]));
  const made: Enforcement = { mode_history: [], enforcement: [], enforcement_gaps: [], zone_enforcement: [] };
  for (const { host, zone } of sources.hosts.filter(({ managed }) => managed)) {
    const spans = traceModes(stepsOf.get(host) ?? [], eventsOf.get(host) ?? [], period);
    made.mode_history.push(...spans.map(({ fromMs, untilMs, ...span }) => ({ host, from: fromMs, until: untilMs, mode: span.mode, zone: span.zone, cause: span.cause })));
    if (zone === '') continue;
    const gaps = [...listModeGaps(spans, zone), ...listRecordGaps(recordOf.get(host) ?? [], period)].sort((a, b) => a.from - b.from || a.until - b.until);
    made.enforcement_gaps.push(...gaps.map(({ from, until, cause }) => ({ host, zone, from, until, seconds: Math.round((until - from) / 1000), cause })));
    const enforcedSeconds = Math.round((period.untilMs - period.fromMs - lengthOfUnion(gaps)) / 1000);
    made.enforcement.push({ host, zone, wanted_mode: modeOf.get(zone) ?? '', enforced_throughout: gaps.length === 0, enforced_seconds: enforcedSeconds, gaps: gaps.length });
  }
  const rowsOf = Map.groupBy(made.enforcement, ({ zone }) => zone);
  for (const { zone, mode } of sources.zones) {
    const own = rowsOf.get(zone) ?? [];
    const throughout = own.filter((row) => row.enforced_throughout).length;
    made.zone_enforcement.push({ zone, wanted_mode: mode, hosts: own.length, hosts_throughout: throughout, gaps: own.reduce((sum, row) => sum + row.gaps, 0) });
  }
  return made;
}

function listModeGaps(spans: readonly ModeSpan[], zone: string): Gap[] {
  return spans.flatMap((span) => {
    const cause = span.cause !== '' ? span.cause : span.mode !== 'enforce' ? `it ran ${span.mode}` : span.zone !== zone ? `it ran the rules of ${span.zone === '' ? 'no zone' : `zone ${span.zone}`}` : '';
    return cause === '' ? [] : [{ from: span.fromMs, until: span.untilMs, cause }];
  });
}

function listRecordGaps(record: readonly RowOf<'recording'>[], { fromMs, untilMs }: EvidencePeriod): Gap[] {
  const gaps: Gap[] = [];
  let coveredMs = fromMs;
  for (const run of record.toSorted((a, b) => a.from - b.from)) {
    if (run.from > coveredMs) gaps.push({ from: coveredMs, until: run.from, cause: NO_RECORD });
    const cause = NOT_SHOWN.get(run.state);
    if (cause !== undefined) gaps.push({ from: run.from, until: run.until, cause });
    coveredMs = Math.max(coveredMs, run.until);
  }
  if (coveredMs < untilMs) gaps.push({ from: coveredMs, until: untilMs, cause: NO_RECORD });
  return gaps;
}
const NO_RECORD = 'there is no record of it';

/** `gaps` sorted by their beginnings. */
function lengthOfUnion(gaps: readonly Gap[]): number {
  let [lengthMs, endMs] = [0, Number.NEGATIVE_INFINITY];
  for (const { from, until } of gaps) {
    lengthMs += Math.max(0, until - Math.max(from, endMs));
    endMs = Math.max(endMs, until);
  }
  return lengthMs;
}
