import { type Schedule, type ScheduleWindow, WEEKDAYS } from '../model/schedule.ts';
import { readOffsetMs } from './time-zone.ts';

/** From `fromMs` until before `toMs`, epoch ms. */
export type TimeSpan = { readonly fromMs: number; readonly toMs: number };

const MS_A_MINUTE = 60_000;
const MS_A_DAY = 86_400_000;
const YEARS_LISTED = 3;

/**
 * The years for which hosts get a schedule's windows: the one of `nowMs` and the next two, UTC. Whole years, so that the same policy gives the
 * same bundle all year; two more, so that a host is right for that long without a console.
 */
export function yearsAround(nowMs: number): TimeSpan {
  const year = new Date(nowMs).getUTCFullYear();
  return { fromMs: Date.UTC(year, 0, 1), toMs: Date.UTC(year + YEARS_LISTED, 0, 1) };
}

/**
 * Every stretch of time within `span` in which the schedule holds: sorted, apart from each other, in UTC. Absolute times and not days and
 * hours of a week, because the kernel's `meta day` follows the time zone that somebody told the kernel (`sys_tz`, which `timedatectl
 * set-timezone` changes; nft_meta_weekday in net/netfilter/nft_meta.c), and because daylight saving is in them.
 */
export function listWindows(schedule: Schedule, span: TimeSpan): readonly TimeSpan[] {
  const key = JSON.stringify([schedule, span]);
  const known = remembered.get(key);
  if (known) return known;
  const windows = mergeSpans(listOffsets(schedule.timeZone, span).flatMap((offset) => schedule.windows.flatMap((window) => windowsUnder(offset, window))));
  if (remembered.size >= 200) remembered.clear();
  remembered.set(key, windows);
  return windows;
}

const remembered = new Map<string, readonly TimeSpan[]>();

type Offset = TimeSpan & { readonly offsetMs: number };

/** Daily occurrences of one window while the zone has one offset. Days begin one earlier, for a window that runs over midnight into the span. */
function windowsUnder({ fromMs, toMs, offsetMs }: Offset, window: ScheduleWindow): TimeSpan[] {
  const begins = minuteOf(window.from) * MS_A_MINUTE;
  const ends = minuteOf(window.to) * MS_A_MINUTE;
  const lengthMs = ends > begins ? ends - begins : ends - begins + MS_A_DAY;
  const spans: TimeSpan[] = [];
  for (let day = Math.floor((fromMs + offsetMs) / MS_A_DAY) - 1; day * MS_A_DAY < toMs + offsetMs; day++) {
    if (!window.days.includes(weekdayOf(day))) continue;
    const startMs = day * MS_A_DAY + begins - offsetMs;
    const cut = { fromMs: Math.max(startMs, fromMs), toMs: Math.min(startMs + lengthMs, toMs) };
    if (cut.fromMs < cut.toMs) spans.push(cut);
  }
  return spans;
}

/** `2026-11-21 07:30:00`, in UTC: what nft reads under TZ=UTC, which is how the agent runs it. */
export const printUtc = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');

/** `09:30` → 570; `24:00` → 1440. */
export const minuteOf = (timeOfDay: string): number => Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3, 5));

/** Day 0 is 1970-01-01, a Thursday. */
export const weekdayOf = (day: number): (typeof WEEKDAYS)[number] => WEEKDAYS[(((day + 3) % 7) + 7) % 7] ?? 'mon';

/** The zone's offsets within `span`, in order and without holes. Looks once a day, so two changes within a day would be taken for one. */
function listOffsets(timeZone: string, span: TimeSpan): Offset[] {
  const offsets: Offset[] = [];
  let begun = { fromMs: span.fromMs, offsetMs: readOffsetMs(span.fromMs, timeZone) };
  for (let atMs = span.fromMs; atMs < span.toMs; atMs += MS_A_DAY) {
    const nextMs = Math.min(atMs + MS_A_DAY, span.toMs);
    if (readOffsetMs(nextMs, timeZone) === begun.offsetMs) continue;
    const changeMs = findChange(timeZone, atMs, nextMs);
    offsets.push({ ...begun, toMs: changeMs });
    begun = { fromMs: changeMs, offsetMs: readOffsetMs(changeMs, timeZone) };
  }
  return [...offsets, { ...begun, toMs: span.toMs }];
}

/** The first whole minute in (afterMs, untilMs] with another offset than `afterMs` has. */
function findChange(timeZone: string, afterMs: number, untilMs: number): number {
  const before = readOffsetMs(afterMs, timeZone);
  let [low, high] = [afterMs, untilMs];
  while (high - low > MS_A_MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MS_A_MINUTE) * MS_A_MINUTE;
    if (readOffsetMs(middle, timeZone) === before) low = middle;
    else high = middle;
  }
  return high;
}

function mergeSpans(spans: readonly TimeSpan[]): TimeSpan[] {
  const merged: TimeSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1);
    if (last && span.fromMs <= last.toMs) merged[merged.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, span.toMs) };
    else merged.push(span);
  }
  return merged;
}
