import { expect, test } from 'vitest';
import { hostId } from '../../shared/policy/testing/builders.ts';
import type { RecordedHour } from '../db/observation-store.ts';
import { listCoveredHours } from './covered-hours.ts';

const HOUR_MS = 3_600_000;
const at = (hour: number, input: Partial<RecordedHour> = {}): RecordedHour => ({ host: hostId(1), startMs: hour * HOUR_MS, gapSeconds: 0, hasSnapshot: true, ...input });
const covered = (...hours: RecordedHour[]) => [...listCoveredHours(hours)].map(([host, starts]) => [host, starts.map((startMs) => startMs / HOUR_MS)]);

test('hours between two snapshots of one host less than a day apart are covered, others are not', () => {
  expect(covered()).toEqual([]);
  expect(covered(at(5))).toEqual([[hostId(1), [5]]]);
  expect(covered(at(5), at(8))).toEqual([[hostId(1), [5, 6, 7, 8]]]);
  expect(covered(at(5), at(30))).toEqual([[hostId(1), [5, 30]]]);
  expect(covered(at(5), at(6, { host: hostId(2) }), at(8, { host: hostId(2) }))).toEqual([[hostId(1), [5]], [hostId(2), [6, 7, 8]]]);
});

test('an hour with ten minutes of gap is not covered, whether or not it has a snapshot', () => {
  expect(covered(at(5), at(6, { hasSnapshot: false, gapSeconds: 600 }), at(7, { gapSeconds: 599 }), at(8, { gapSeconds: 3600 }))).toEqual([[hostId(1), [5, 7]]]);
});
