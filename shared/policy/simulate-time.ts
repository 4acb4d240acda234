import { type Schedule, WEEKDAYS } from '../model/schedule.ts';
import { readWallClock } from '../time/time-zone.ts';

const MS_A_DAY = 86_400_000;
const MS_A_MINUTE = 60_000;

/**
 * Whether a schedule holds at an instant, read off the clock on the wall: the simulator's own way, beside the compiler's, which lists
 * windows in UTC. A null schedule always holds.
 */
export function createScheduleReader(schedule: Schedule | null): (atMs: number) => boolean {
  if (!schedule) return () => true;
  const windows = schedule.windows.map(({ days, from, to }) => ({ days, from: toMinute(from), to: toMinute(to) }));
  return (atMs) => {
    const wall = readWallClock(atMs, schedule.timeZone);
    const today = new Date(wall).getUTCDay();
    const minute = Math.floor((wall % MS_A_DAY) / MS_A_MINUTE);
    return windows.some(({ days, from, to }) => {
      if (from < to) return days.includes(nameOf(today)) && from <= minute && minute < to;
      return (days.includes(nameOf(today)) && from <= minute) || (days.includes(nameOf(today + 6)) && minute < to);
    });
  };
}

/** 0 and 7 are Sunday. */
const nameOf = (sundayBased: number): (typeof WEEKDAYS)[number] => WEEKDAYS[(sundayBased + 6) % 7] ?? 'mon';

function toMinute(timeOfDay: string): number {
  const [hours = '', minutes = ''] = timeOfDay.split(':');
  return Number(hours) * 60 + Number(minutes);
}
