import { expect, test } from 'vitest';
import { parseMoment } from './moment-text.ts';

/** A Saturday, in the week in which clocks of Europe have gone back. */
const NOW_MS = Date.UTC(2026, 9, 24, 12);
const read = (text: string) => {
  const moment = parseMoment(text, NOW_MS);
  return moment.ok ? new Date(moment.value).toISOString() : moment.issues[0]?.message;
};

test('a weekday and a time are the next such moment, in UTC unless a time zone is named', () => {
  expect(read('Mon 03:00')).toBe('2026-10-26T03:00:00.000Z');
  expect(read('saturday 12:00')).toBe('2026-10-24T12:00:00.000Z');
  expect(read('Sat 11:59')).toBe('2026-10-31T11:59:00.000Z');
});

test('a clock that changes until then is read as it will be', () => {
  expect(read('Sat 23:00 Europe/Berlin')).toBe('2026-10-24T21:00:00.000Z');
  expect(read('Mon 03:00 Europe/Berlin')).toBe('2026-10-26T02:00:00.000Z');
});

test('an ISO time needs its offset', () => {
  expect(read('2026-12-01T03:00+01:00')).toBe('2026-12-01T02:00:00.000Z');
  expect(read('2026-12-01T03:00')).toContain('is no moment');
  expect(read('2026-12-01T25:00Z')).toContain('is no moment');
  expect(read('2026-02-30T03:00Z')).toContain('2026-02-30 is not a day of the calendar');
});

test('what is no moment is told what to write', () => {
  for (const text of ['', 'Mon', 'Mon 25:00', 'Foo 03:00', 'tomorrow']) expect(read(text)).toContain('write a weekday and a time such as “Mon 03:00”');
  expect(read('Mon 03:00 Mars/Base')).toContain('there is no time zone “Mars/Base”');
});
