import type { HostId } from '../../shared/model/ids.ts';
import type { RecordedHour } from '../db/observation-store.ts';
import { HOUR_MS } from '../db/recording-store.ts';

/** Counters keep an element for a day, so that a snapshot tells of all that came in the day before it. */
const SNAPSHOT_REACH_MS = 24 * HOUR_MS;
/** An hour of which less is missing was observed; a restart of a host takes seconds. */
const GAP_SECONDS = 600;

/** The hours of each host that some counter covered: those with a snapshot, and those between two that are less than a day apart; without the gaps. `hours` by host and time. Pure. */
export function listCoveredHours(hours: readonly RecordedHour[]): Map<HostId, number[]> {
  const covered = new Map<HostId, number[]>();
  const gaps = new Set(hours.filter(({ gapSeconds }) => gapSeconds >= GAP_SECONDS).map(({ host, startMs }) => `${host} ${startMs}`));
  let before: RecordedHour | null = null;
  for (const hour of hours.filter(({ hasSnapshot }) => hasSnapshot)) {
    const own = covered.get(hour.host) ?? [];
    covered.set(hour.host, own);
    const isNear = before?.host === hour.host && hour.startMs - before.startMs <= SNAPSHOT_REACH_MS;
    for (let startMs = isNear && before ? before.startMs + HOUR_MS : hour.startMs; startMs <= hour.startMs; startMs += HOUR_MS) {
      if (!gaps.has(`${hour.host} ${startMs}`)) own.push(startMs);
    }
    before = hour;
  }
  return covered;
}
