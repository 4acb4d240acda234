import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostId } from '../../shared/model/ids.ts';
import { ingestDrain } from './ingest.ts';
import { noteClock } from './host-clock.ts';
import { readQuality } from './observation-quality.ts';
import { readReportModel } from './report.ts';
import { recordStatus } from './agent-record.ts';
import { AgentStatus } from '../../shared/contract/agent-replies.ts';
import { snapshotLine, type TestSnapshot } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
let at: TestBackend;
let web: HostId;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1');
  web = at.hostId('web-1');
});
afterEach(() => at.close());

const hoursAgo = (hours: number) => TEST_NOW_MS - hours * HOUR_MS;
const ingest = (...snapshots: TestSnapshot[]) => ingestDrain(at.backend, web, snapshots.map(snapshotLine));
const quality = (hours: number) => readQuality(at.backend, 'web-1', hoursAgo(hours));
const states = (hours: number) => quality(hours).hours.map((hour) => hour.state);

test('a host that never recorded has no hours but those before', () => {
  expect(states(2)).toEqual(['before', 'before', 'before']);
  expect(quality(2)).toMatchObject({ lastSnapshotAtMs: null, totals: { before: 3, gap: 0 } });
});

test('hours have a snapshot, are counted with the next one, or wait to be fetched', () => {
  ingest({ seq: 1, atMs: hoursAgo(4) }, { seq: 2, atMs: hoursAgo(2) });
  expect(states(5)).toEqual(['before', 'complete', 'late', 'complete', 'waiting', 'waiting']);
});

test('sets that were made anew leave a gap in every hour since the last snapshot, and no longer', () => {
  ingest({ seq: 1, atMs: hoursAgo(4) + 1_800_000 }, { seq: 2, atMs: hoursAgo(2) + 900_000, epoch: 'e2' });
  const { hours } = quality(5);
  expect(hours.map((hour) => hour.gapSeconds)).toEqual([0, 1800, 3600, 900, 0, 0]);
  expect(hours.map((hour) => hour.state)).toEqual(['before', 'gap', 'gap', 'gap', 'waiting', 'waiting']);
  expect(hours.map((hour) => hour.restarts)).toEqual([0, 0, 0, 1, 0, 0]);
});

test('what the same sets had forgotten after a day is a gap, and the day before the snapshot is not', () => {
  ingest({ seq: 1, atMs: hoursAgo(30) }, { seq: 2, atMs: hoursAgo(2) });
  const gaps = quality(31).hours.filter((hour) => hour.state === 'gap');
  expect(gaps.map((hour) => hour.startMs)).toEqual([30, 29, 28, 27].map(hoursAgo));
});

test('lost packets, rejected elements and a full set are told of their own hour', () => {
  const full = Array.from({ length: 10_000 }, (_, i) => ({ key: [`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 'tcp', 443, '1234'], packets: 1 }));
  ingest({ seq: 1, atMs: hoursAgo(3), sets: { in4: full.slice(0, 9_999), in4x: [{ key: ['10.9.9.9', 'tcp', 22], packets: 4 }] } });
  ingest({ seq: 2, atMs: hoursAgo(2), counters: { lost_in: 7 }, sets: { in4: full, in4x: [{ key: ['10.9.9.9', 'tcp', 22], packets: 6 }] } });
  ingest({ seq: 3, atMs: hoursAgo(1), counters: { lost_in: 7 }, sets: { out4x: [{ key: ['10.9.9.9', 'tcp'], packets: 2 }] } });
  expect(quality(3).hours).toMatchObject([
    { state: 'complete', lost: 0, coarse: 0 },
    { state: 'lost', lost: 7, coarse: 2 },
    { state: 'lost', lost: 0, rejected: 1 },
    { state: 'waiting', lost: 0 },
  ]);
});

test('the clock of an hour is the offset that was furthest off, and hours in which it was not read have none', () => {
  noteClock(at.backend, web, TEST_NOW_MS / 1000 - 90, TEST_NOW_MS);
  noteClock(at.backend, web, TEST_NOW_MS / 1000 + 4, TEST_NOW_MS);
  expect(quality(1).hours.map((hour) => hour.clockOffsetMs)).toEqual([null, -89_500]);
});

test('a period is at most 100 days, and what is older is dropped when newer snapshots come', () => {
  ingest({ seq: 1, atMs: TEST_NOW_MS - 101 * DAY_MS });
  expect(quality(24 * 400).hours.length).toBe(2401);
  ingest({ seq: 2, atMs: TEST_NOW_MS });
  const stored = at.backend.workspace.read.all("SELECT hour_start_ms AS at FROM recording_hours WHERE figure = 'snapshots'");
  expect(stored).toEqual([{ at: TEST_NOW_MS }]);
});

test('the report counts an hour that the next snapshot covers as data, and not one with a gap', () => {
  const status = { v: 1, agentVersion: '1', hostId: web, bootId: 'b', clock: 1, loaded: true, runningBundle: null, runningMode: null, runningSeq: null, confirmedBundle: null, confirmedSeq: null };
  const rest = { kernelHash: 'k', expectedKernelHash: 'k', pending: null, last: null, timerEnabled: true, bootUnitEnabled: true, spoolBytes: 0, spoolFiles: 0 };
  recordStatus(at.backend, web, AgentStatus.parse({ ...status, ...rest }));
  ingest({ seq: 1, atMs: hoursAgo(9) }, { seq: 2, atMs: hoursAgo(6) }, { seq: 3, atMs: hoursAgo(4), epoch: 'e2' });
  // Nine, eight, seven hours ago and four; six and five have a gap.
  expect(readReportModel(at.backend, hoursAgo(10)).limits).toMatchObject({ hoursOfData: 4, hoursExpected: 10 });
});
