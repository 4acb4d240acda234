import { type Schedule, type ScheduleWindow, type Weekday, WEEKDAYS } from '../model/schedule.ts';
import { isTimeZone } from '../time/time-zone.ts';
import { collectParsed, failed, failedWith, type Parsed, parsed, type Piece, shiftIssues, splitPieces, trimPiece } from './parsed.ts';

const FORM = 'write days, hours and a time zone: Mon-Fri 08:00-18:00 Europe/Berlin (several windows: Mon-Fri 08:00-18:00; Sat 09:00-12:00 Europe/Berlin)';
const NAMES: Record<Weekday, string> = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' };
const EVERY_DAY = 'daily';

/** Reads `Mon-Fri 08:00-18:00; Sat,Sun 22:00-06:00 Europe/Berlin`; `daily` is every day. The time zone is never guessed. */
export function parseSchedule(text: string): Parsed<Schedule> {
  const typed = trimPiece({ text, offset: 0 });
  const cut = /^(?<windows>.*\S)\s+(?<timeZone>\S+)$/.exec(typed.text)?.groups;
  const timeZone = cut?.timeZone ?? '';
  if (cut?.windows === undefined || /^\d/.test(timeZone)) return failed(`“${typed.text}” names no time zone; ${FORM}`, typed.offset + 1);
  if (!isTimeZone(timeZone)) return failed(`there is no time zone “${timeZone}”; write one like Europe/Berlin, or UTC`, typed.offset + typed.text.length - timeZone.length + 1);
  const windows = collectParsed(splitPieces({ text: cut.windows, offset: typed.offset }, ';').map(parseWindow));
  return windows.ok ? parsed({ windows: windows.value, timeZone }) : windows;
}

/** One text for one meaning: days in the order of the week, three or more in a row as a range. */
export const printSchedule = (schedule: Schedule): string =>
  `${schedule.windows.map((window) => `${printDays(window.days)} ${window.from}-${window.to}`).join('; ')} ${schedule.timeZone}`;

function parseWindow(piece: Piece): Parsed<ScheduleWindow> {
  const match = /^(?<days>[A-Za-z][A-Za-z, -]*?)\s+(?<from>\d{1,2}:\d\d)\s*-\s*(?<to>\d{1,2}:\d\d)$/.exec(piece.text)?.groups;
  if (!match) return failed(`“${piece.text}” is no window of days and hours; ${FORM}`, piece.offset + 1);
  const [from = '', to = ''] = [match.from, match.to].map((time) => time?.padStart(5, '0'));
  const days = parseDays(match.days ?? '');
  if (!days.ok) return failedWith(shiftIssues(days.issues, piece.offset));
  const wrong = [from, to].find((time) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(time) && !(time === '24:00' && time === to));
  if (wrong !== undefined || from === '24:00') return failed(`${wrong ?? from} is no time of day here; hours run from 00:00 to 23:59, and a window may end at 24:00`, piece.offset + 1);
  if (from === to) return failed(`a window from ${from} to ${to} is empty; a whole day is 00:00-24:00`, piece.offset + 1);
  return parsed({ days: days.value, from, to });
}

function parseDays(text: string): Parsed<Weekday[]> {
  if (text.trim().toLowerCase() === EVERY_DAY) return parsed([...WEEKDAYS]);
  const lists = splitPieces({ text, offset: 0 }, ',').map((piece): Parsed<Weekday[]> => {
    const ends = piece.text.split('-').map((word) => findDay(word));
    const [first, last = first] = ends;
    if (ends.length > 2 || ends.includes(undefined) || !first || !last) return failed(`“${piece.text}” is no day or range of days; write Mon, Tue, Wed, Thu, Fri, Sat, Sun, Mon-Fri or daily`, piece.offset + 1);
    const start = WEEKDAYS.indexOf(first);
    const length = ((WEEKDAYS.indexOf(last) - start + 7) % 7) + 1;
    return parsed(Array.from({ length }, (_, i) => WEEKDAYS[(start + i) % 7] ?? first));
  });
  const all = collectParsed(lists);
  if (!all.ok) return all;
  const chosen = new Set(all.value.flat());
  return parsed(WEEKDAYS.filter((day) => chosen.has(day)));
}

/** `Mon`, `mon` or `Monday`. */
function findDay(word: string): Weekday | undefined {
  const lower = word.trim().toLowerCase();
  return WEEKDAYS.find((day) => lower === day || lower === FULL_NAMES[day]);
}

const FULL_NAMES: Record<Weekday, string> = { mon: 'monday', tue: 'tuesday', wed: 'wednesday', thu: 'thursday', fri: 'friday', sat: 'saturday', sun: 'sunday' };

function printDays(days: readonly Weekday[]): string {
  const runs: Weekday[][] = [];
  for (const day of WEEKDAYS.filter((candidate) => days.includes(candidate))) {
    const last = runs.at(-1)?.at(-1);
    if (last && WEEKDAYS.indexOf(day) === WEEKDAYS.indexOf(last) + 1) runs.at(-1)?.push(day);
    else runs.push([day]);
  }
  return runs.flatMap((run) => (run.length >= 3 ? [`${NAMES[run[0] ?? 'mon']}-${NAMES[run.at(-1) ?? 'sun']}`] : run.map((day) => NAMES[day]))).join(',');
}
