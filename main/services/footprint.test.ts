import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostRun } from '../../shared/contract/host-evidence.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { saveLatency } from '../db/footprint-store.ts';
import { forgetFootprint, lastSeqOf, readFootprint, storeFootprint, summarise } from './footprint.ts';
import { listHostViews } from './host-views.ts';
import { listHostWarnings } from './host-warnings.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

const START_S = 1_790_000_000;
let at: TestBackend;
let web: HostId;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1');
  web = at.hostId('web-1');
});
afterEach(() => at.close());

const line = (seq: number, more: object = {}) =>
  JSON.stringify({ v: 1, seq, at: START_S + seq * 300, command: 'verify', exit: 0, cpuMs: 40, wallMs: 90, peakBytes: null, sentBytes: null, ...more });
const aRun = (seq: number, more: Partial<HostRun> = {}): HostRun => ({ seq, atMs: (START_S + seq * 300) * 1000, command: 'verify', exitCode: 0, cpuMs: 40, wallMs: 90, peakBytes: null, sentBytes: null, ...more });
const footprint = () => readFootprint(at.backend, 'web-1');

test('runs are stored once however often they are fetched, and lines of another shape are passed over', () => {
  storeFootprint(at.backend, web, [line(1), line(2, { command: 'collect', cpuMs: 300, peakBytes: 9_000_000 }), '{"v":1,"storedBytes":120000}']);
  storeFootprint(at.backend, web, ['not JSON', line(2, { command: 'collect', cpuMs: 300 }), line(3, { cpuMs: -5 }), line(4, { command: 'drain', sentBytes: 700 }), line(5, { command: 'x; reboot' })]);
  expect(footprint().recent.map((run) => `${run.seq} ${run.command}`)).toEqual(['4 drain', '2 collect', '1 verify']);
  expect(footprint().summary).toEqual({
    lastRunAtMs: (START_S + 1200) * 1000,
    coveredMs: 900_000,
    runs: 3,
    cpuMs: 380,
    cpuPercent: (380 / 3_600_000) * 100,
    peakBytes: 9_000_000,
    sentBytes: 700,
    storedBytes: 120_000,
    commands: [
      { command: 'collect', runs: 1, cpuMs: 300, maxCpuMs: 300, peakBytes: 9_000_000 },
      { command: 'drain', runs: 1, cpuMs: 40, maxCpuMs: 40, peakBytes: null },
      { command: 'verify', runs: 1, cpuMs: 40, maxCpuMs: 40, peakBytes: null },
    ],
  });
});

test('a host that makes up runs keeps 1,024 of them', () => {
  for (let from = 1; from <= 3000; from += 1000) storeFootprint(at.backend, web, Array.from({ length: 1000 }, (_, i) => line(from + i)));
  expect(at.backend.workspace.read.one('SELECT count(*) AS runs, min(seq) AS oldest FROM host_runs')).toEqual({ runs: 1024, oldest: 1977 });
});

test('a host that makes up huge amounts does not keep the list of hosts from being read', () => {
  const huge = { cpuMs: Number.MAX_SAFE_INTEGER, sentBytes: Number.MAX_SAFE_INTEGER };
  storeFootprint(at.backend, web, [line(1, huge), line(2, huge), ...Array.from({ length: 1000 }, (_, i) => line(3 + i, { cpuMs: 1e12, sentBytes: 1e12 }))]);
  expect(footprint().summary).toMatchObject({ cpuMs: 288e12, sentBytes: 288e12 });
  expect(listHostViews(at.backend).map((view) => view.name)).toEqual(['web-1']);
});

test('a day is the day before the last run, and what came earlier or claims to come later is not in it', () => {
  const day = 288;
  expect(summarise([], 0)).toBeNull();
  expect(summarise([aRun(1)], 0)).toMatchObject({ runs: 1, coveredMs: 0 });
  expect(summarise([aRun(day + 5), aRun(day + 4, { atMs: 8.64e15 }), aRun(6), aRun(5), aRun(1)], 0)).toMatchObject({ runs: 2, cpuMs: 80, coveredMs: 86_400_000 });
});

test('what the agent took is spread over the time that is known, an hour at least', () => {
  expect(summarise([aRun(1, { cpuMs: 36_000 })], 0)?.cpuPercent).toBe(1);
  expect(summarise([aRun(24 + 1, { cpuMs: 36_000 }), aRun(1, { cpuMs: 36_000 })], 0)?.cpuPercent).toBe(1);
});

test('a run numbered far above what the status says is no cursor for ever', () => {
  const lastSeq = lastSeqOf({ footprintSeq: 2, clock: START_S });
  storeFootprint(at.backend, web, [line(1), line(3), line(Number.MAX_SAFE_INTEGER, { at: START_S })], lastSeq);
  expect(footprint().recent.map((run) => run.seq)).toEqual([3, 1]);
  expect(lastSeqOf({ footprintSeq: Number.MAX_SAFE_INTEGER, clock: START_S })).toBeLessThan(1e14);
  expect(lastSeqOf({ footprintSeq: null, clock: START_S + 0.5 })).toBe(START_S + 64);
});

test('a limit that is passed is a warning of the host, and one that is only met is none', () => {
  const status = { timerEnabled: true, bootUnitEnabled: true };
  const codes = (footprint: Parameters<typeof listHostWarnings>[0]['footprint']) => listHostWarnings({ managed: true, status, footprint, limits }).map((warning) => warning.code);
  let limits = { cpuPercent: 1, addedLatencyMs: 2, storedMegabytes: 256 };
  const latency = { measuredAtMs: 1, bundle: null, connects: 2000, withoutP50Us: 60, withoutP99Us: 200, withP50Us: 70, withP99Us: 2200 };
  const summary = summarise([aRun(1, { cpuMs: 36_000 })], 268_435_456);
  if (summary === null) throw new Error('a run has a summary');
  expect(codes(undefined)).toEqual([]);
  expect(codes({ summary, latency })).toEqual([]);
  expect(codes({ summary: { ...summary, cpuPercent: 1.01, storedBytes: 268_435_457 }, latency: { ...latency, withP99Us: 2201 } })).toEqual(['FOOTPRINT_CPU', 'FOOTPRINT_LATENCY', 'FOOTPRINT_STORED']);
  limits = { cpuPercent: 0.5, addedLatencyMs: 1.9, storedMegabytes: 300 };
  expect(codes({ summary, latency })).toEqual(['FOOTPRINT_CPU', 'FOOTPRINT_LATENCY']);
});

test('a fresh install forgets what the former agent took', () => {
  storeFootprint(at.backend, web, [line(1), '{"v":1,"storedBytes":1}']);
  at.backend.workspace.transaction((tx) => saveLatency(tx, web, { measuredAtMs: 1, bundle: null, connects: 1, withoutP50Us: 1, withoutP99Us: 1, withP50Us: 1, withP99Us: 1 }));
  expect(footprint().latency).not.toBeNull();
  forgetFootprint(at.backend, web);
  expect(footprint()).toEqual({ summary: null, latency: null, recent: [], limits: { cpuPercent: 1, addedLatencyMs: 2, storedMegabytes: 256 } });
});
