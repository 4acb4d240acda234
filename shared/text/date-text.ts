import { failed, type Parsed, parsed } from './parsed.ts';

const FORM = 'write a day as year, month and day, such as 2027-01-31';

/** Reads `2027-01-31`; a day that the calendar does not have (2026-02-31) is refused and not moved to the next month. */
export function parseDate(text: string): Parsed<string> {
  const typed = text.trim();
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed);
  if (!match) return failed(`“${typed}” is no date; ${FORM}`);
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12) return failed(`${typed}: there is no month ${match[2]}; ${FORM}`);
  // Day 0 of the next month is the last of this one.
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day >= 1 && day <= days) return parsed(typed);
  return failed(`${typed} is not a day of the calendar: that month has the days 01 to ${days}; ${FORM}`);
}
