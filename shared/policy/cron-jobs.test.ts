import { expect, test } from 'vitest';
import { toTimerEvidence } from './cron-jobs.ts';
import { listUnfired } from './unfired-timers.ts';

/** A Saturday. */
const NOW_MS = Date.UTC(2026, 10, 28, 12);
const HOUR_MS = 3_600_000;
const job = (schedule: string, zone: string | null = null) => ({ user: 'backup', schedule, zone, name: 'pg_backup' });
const read = (schedule: string, observedHours: number, zones: { own?: string; host?: string } = {}) =>
  toTimerEvidence(job(schedule, zones.own ?? null), { zone: zones.host ?? null, observedSinceMs: NOW_MS - observedHours * HOUR_MS, nowMs: NOW_MS });
const iso = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : new Date(ms).toISOString().slice(0, 16));

test('a job counts as fired when its schedule had a time since observation began', () => {
  expect(iso(read('30 2 * * *', 24)?.lastFiredAtMs)).toBe('2026-11-28T02:30');
  expect(read('30 2 * * *', 6)).toMatchObject({ unit: 'cron job pg_backup of backup', lastFiredAtMs: null });
  expect(iso(read('30 2 * * Sun', 24 * 5)?.lastFiredAtMs)).toBeNull();
  expect(iso(read('30 2 * * Sun', 24 * 5)?.nextFiresAtMs)).toBe('2026-11-29T02:30');
});

test.each([
  ['the table’s own zone', '30 2 * * *', { own: 'Europe/Berlin', host: 'Asia/Tokyo' }, '2026-11-29T01:30'],
  ['the host’s zone', '30 2 * * *', { host: 'Asia/Tokyo' }, '2026-11-28T17:30'],
  ['UTC where the zone does not exist', '30 2 * * *', { host: 'Nowhere/City' }, '2026-11-29T02:30'],
  ['a name', '@weekly', {}, '2026-11-29T00:00'],
  ['Sunday as 7', '0 3 * * 7', {}, '2026-11-29T03:00'],
  ['a day of the month or of the week', '0 3 15 * 1', {}, '2026-11-30T03:00'],
] as const)('the next time goes by %s', (_what, schedule, zones, next) => {
  expect(iso(read(schedule, 1, zones)?.nextFiresAtMs)).toBe(next);
});

test.each(['61 1 * * *', '1 2 3 4', '@reboot', '0 0 31 2 *', '* * * * * *', '\u001b[31m'])('%j is no timer', (schedule) => {
  expect(read(schedule, 1)).toBeNull();
});

test('a table of jobs that never come, as a host that means ill may have one, is gone through once and not with every minute', () => {
  const table = Array.from({ length: 60 }, (_, minute) => job(`${minute} 0 30 2 *`));
  const readAll = (nowMs: number) => table.map((one) => toTimerEvidence(one, { zone: 'Europe/Berlin', observedSinceMs: null, nowMs }));
  expect(readAll(NOW_MS).filter((timer) => timer !== null)).toEqual([]);
  const startedMs = performance.now();
  for (let minute = 1; minute <= 100; minute += 1) expect(readAll(NOW_MS + minute * 60_000).filter((timer) => timer !== null)).toEqual([]);
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});

test('a job that has not come yet is named beside the timers, and without recordings none has', () => {
  const timers = [read('30 2 * * Sun', 24), read('30 2 * * *', 24)].filter((timer) => timer !== null);
  expect(listUnfired([{ name: 'db-1', observedSinceMs: NOW_MS - 24 * HOUR_MS, timers }])).toMatchObject([{ unit: 'cron job pg_backup of backup', hosts: ['db-1'] }]);
  expect(toTimerEvidence(job('30 2 * * *'), { zone: null, observedSinceMs: null, nowMs: NOW_MS })).toMatchObject({ lastFiredAtMs: null });
});
