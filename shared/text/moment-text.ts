import { type Weekday, WEEKDAYS } from '../model/schedule.ts';
import { isTimeZone, readOffsetMs, readWallClock } from '../time/time-zone.ts';
import { parseDate } from './date-text.ts';
import { failed, type Parsed, parsed } from './parsed.ts';

const FORM = 'write a weekday and a time such as “Mon 03:00” or “Mon 03:00 Europe/Berlin” (UTC where no time zone is named), or a time such as 2026-12-01T03:00Z';
const DAY_MS = 86_400_000;

/** Reads `Mon 03:00 Europe/Berlin` as the next time at which a clock on that wall shows it, or an ISO time with its offset; epoch ms. */
export function parseMoment(text: string, nowMs: number): Parsed<number> {
  const typed = text.trim();
  const iso = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/.exec(typed);
  if (iso) return readIso(typed, iso[1] ?? '');
  const match = /^(?<day>[A-Za-z]{3,9})\s+(?<hours>[01]?\d|2[0-3]):(?<minutes>[0-5]\d)(?:\s+(?<zone>\S+))?$/.exec(typed)?.groups;
  const weekday = WEEKDAYS.find((day) => day === match?.day?.slice(0, 3).toLowerCase());
  if (match === undefined || weekday === undefined) return failed(`“${typed}” is no moment; ${FORM}`);
  const timeZone = match.zone ?? 'UTC';
  if (!isTimeZone(timeZone)) return failed(`there is no time zone “${timeZone}”; ${FORM}`);
  return parsed(nextAt({ weekday, minutes: Number(match.hours) * 60 + Number(match.minutes), timeZone }, nowMs));
}

/** Date.parse moves a day that the calendar does not have to the next month. */
function readIso(typed: string, day: string): Parsed<number> {
  const date = parseDate(day);
  if (!date.ok) return date;
  const atMs = Date.parse(typed);
  return Number.isNaN(atMs) ? failed(`“${typed}” is no moment; ${FORM}`) : parsed(atMs);
}

/** In an hour that a change of the clock leaves out it is the same instant by the clock before. */
function nextAt({ weekday, minutes, timeZone }: { weekday: Weekday; minutes: number; timeZone: string }, nowMs: number): number {
  const wallMs = readWallClock(nowMs, timeZone);
  const midnightMs = Math.floor(wallMs / DAY_MS) * DAY_MS;
  // WEEKDAYS begins with Monday, getUTCDay with Sunday.
  const ahead = (WEEKDAYS.indexOf(weekday) - ((new Date(wallMs).getUTCDay() + 6) % 7) + 7) % 7;
  const thisWeekMs = midnightMs + ahead * DAY_MS + minutes * 60_000;
  const targetMs = thisWeekMs < wallMs ? thisWeekMs + 7 * DAY_MS : thisWeekMs;
  const guessMs = targetMs - readOffsetMs(nowMs, timeZone);
  return targetMs - readOffsetMs(guessMs, timeZone);
}
