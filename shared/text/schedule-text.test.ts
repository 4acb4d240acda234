import { describe, expect, it } from 'vitest';
import { expectParsed } from '../policy/testing/builders.ts';
import { parseSchedule, printSchedule } from './schedule-text.ts';

describe('a schedule', () => {
  it.each([
    ['Mon-Fri 08:00-18:00 Europe/Berlin', 'Mon-Fri 08:00-18:00 Europe/Berlin'],
    [' mon - wed,Sunday 8:00 - 24:00   UTC ', 'Mon-Wed,Sun 08:00-24:00 UTC'],
    ['daily 22:00-06:00 America/New_York', 'Mon-Sun 22:00-06:00 America/New_York'],
    ['Fri-Mon 00:00-24:00; Wed 01:00-02:00 Etc/GMT+5', 'Mon,Fri-Sun 00:00-24:00; Wed 01:00-02:00 Etc/GMT+5'],
  ])('%s is %s, and that reads back as the same', (typed, printed) => {
    const schedule = expectParsed(parseSchedule(typed));
    expect(printSchedule(schedule)).toBe(printed);
    expect(expectParsed(parseSchedule(printed))).toEqual(schedule);
  });

  it.each([
    ['Mon-Fri 08:00-18:00', 1, 'names no time zone'],
    ['Mon-Fri 08:00-18:00 Europe/Berlim', 21, 'no time zone “Europe/Berlim”'],
    ['Mon-Fri 08:00-18:00 +02:00', 21, 'no time zone “+02:00”'],
    ['Mon-Fri 8-18 UTC', 1, 'no window of days and hours'],
    ['Mon 08:00-18:00; Foo 09:00-10:00 UTC', 18, '“Foo” is no day'],
    ['Mon 08:00-25:00 UTC', 1, '25:00 is no time of day'],
    ['Mon 24:00-08:00 UTC', 1, '24:00 is no time of day'],
    ['Mon 08:00-08:00 UTC', 1, 'is empty'],
    ['', 1, 'names no time zone'],
  ])('%s is refused at column %i: %s', (typed, column, message) => {
    const result = parseSchedule(typed);
    expect(result).toMatchObject({ ok: false, issues: [{ column, message: expect.stringContaining(message) }] });
  });
});
