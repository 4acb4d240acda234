import { expect, it } from 'vitest';
import { expectParsed } from '../policy/testing/builders.ts';
import { parseSchedule } from '../text/schedule-text.ts';
import { listWindows, printUtc, yearsAround } from './schedule-windows.ts';

const windowsOf = (text: string, from: string, to: string): string[] =>
  listWindows(expectParsed(parseSchedule(text)), { fromMs: Date.parse(`${from}T00:00:00Z`), toMs: Date.parse(`${to}T00:00:00Z`) }).map(
    ({ fromMs, toMs }) => `${printUtc(fromMs)} – ${printUtc(toMs)}`,
  );

it('office hours follow daylight saving of their own time zone', () => {
  expect(windowsOf('Mon-Fri 08:00-18:00 Europe/Berlin', '2026-03-27', '2026-03-31')).toEqual(['2026-03-27 07:00:00 – 2026-03-27 17:00:00', '2026-03-30 06:00:00 – 2026-03-30 16:00:00']);
});

it('a window over midnight belongs to the day on which it begins, and is one window', () => {
  expect(windowsOf('Fri 22:00-06:00 UTC', '2026-11-16', '2026-11-23')).toEqual(['2026-11-20 22:00:00 – 2026-11-21 06:00:00']);
});

it('the day is that of the time zone: a Friday evening in New York is Saturday in UTC', () => {
  expect(windowsOf('Fri 20:00-23:00 America/New_York', '2026-11-16', '2026-11-23')).toEqual(['2026-11-21 01:00:00 – 2026-11-21 04:00:00']);
});

it('an hour that daylight saving skips is no time, and one that it repeats counts twice', () => {
  expect(windowsOf('Sun 02:00-03:00 Europe/Berlin', '2026-03-28', '2026-03-31')).toEqual([]);
  expect(windowsOf('Sun 02:30-02:45 Europe/Berlin', '2026-10-24', '2026-10-27')).toEqual(['2026-10-25 00:30:00 – 2026-10-25 00:45:00', '2026-10-25 01:30:00 – 2026-10-25 01:45:00']);
  expect(windowsOf('Sun 01:00-04:00 Europe/Berlin', '2026-03-28', '2026-03-31')).toEqual(['2026-03-29 00:00:00 – 2026-03-29 02:00:00']);
});

it('windows that touch or overlap are one, and whole days in a row have no hole between them', () => {
  expect(windowsOf('daily 00:00-24:00 Asia/Kolkata', '2026-01-01', '2027-01-01')).toEqual(['2026-01-01 00:00:00 – 2027-01-01 00:00:00']);
  expect(windowsOf('Mon 08:00-12:00; Mon 12:00-13:00; Mon 09:00-10:00 UTC', '2026-11-23', '2026-11-24')).toEqual(['2026-11-23 08:00:00 – 2026-11-23 13:00:00']);
});

it('hosts get the whole year of now and the next two, so that nothing changes within a year', () => {
  const span = { fromMs: Date.UTC(2026, 0, 1), toMs: Date.UTC(2029, 0, 1) };
  expect([Date.UTC(2026, 0, 1), Date.UTC(2026, 11, 31, 23, 59)].map(yearsAround)).toEqual([span, span]);
});
