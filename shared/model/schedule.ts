import { z } from 'zod';
import { isTimeZone } from '../time/time-zone.ts';

/** Monday first, as in ISO 8601. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const Weekday = z.enum(WEEKDAYS);
export type Weekday = z.infer<typeof Weekday>;

const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day is written HH:MM');

/**
 * From `from` of each of the days until before `to`; where `to` is not later than `from`, until `to` of the next day. `24:00` is the
 * end of the day.
 */
export const ScheduleWindow = z
  .strictObject({ days: z.array(Weekday).min(1), from: TimeOfDay, to: z.union([TimeOfDay, z.literal('24:00')]) })
  .refine((window) => window.from !== window.to, 'a window that ends when it begins is empty; a whole day is 00:00-24:00');
export type ScheduleWindow = z.infer<typeof ScheduleWindow>;

/**
 * When a rule holds: whenever a clock on the wall in `timeZone` shows a time in one of the windows. So an hour that daylight saving skips
 * is no time at all, and one that it repeats counts twice. Text form: `Mon-Fri 08:00-18:00; Sat 09:00-12:00 Europe/Berlin`.
 */
export const Schedule = z.strictObject({
  windows: z.array(ScheduleWindow).min(1).max(20),
  /** A name of the IANA time zone database that this runtime knows. */
  timeZone: z.string().max(64).refine(isTimeZone, 'not a time zone; write one like Europe/Berlin, or UTC'),
});
export type Schedule = z.infer<typeof Schedule>;
