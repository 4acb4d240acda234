import type { Policy } from '../model/policy.ts';
import type { Schedule } from '../model/schedule.ts';
import { minuteOf } from '../time/schedule-windows.ts';
import { createLedger } from './ledger.ts';
import { createScheduleReader } from './simulate-time.ts';

const MAX_USERS = 1024;
const MAX_UNITS = 1024;
const MAX_TIMES = 65_536;
const MS_A_MINUTE = 60_000;

/** Numbers senders, from 1, so that one number is one user and unit; 1 for all where no rule names any. A number is never given twice, also when it was forgotten. */
export function createSenderNumbers(policy: Policy): (user: string | null, unit: string | null) => number {
  if (policy.rules.every((rule) => rule.as === null && rule.servedBy === null)) return () => 1;
  let given = 0;
  const numbersOf = createLedger<string | null, (unit: string | null) => number>(MAX_USERS, () => createLedger<string | null, number>(MAX_UNITS, () => ++given));
  return (user, unit) => numbersOf(user)(unit);
}

/** Numbers times, from 1, so that at all times of one number the same schedules of the policy hold; 1 for all where no rule has one. */
export function createTimeNumbers(policy: Policy): (atMs: number) => number {
  const schedules = new Map(policy.rules.flatMap(({ schedule }) => (schedule ? [[JSON.stringify(schedule), schedule] as const] : [])));
  if (schedules.size === 0) return () => 1;
  const readers = [...schedules.values()].map(createScheduleReader);
  const stepMs = stepOf([...schedules.values()]) * MS_A_MINUTE;
  const numbers = new Map<string, number>();
  const numberOf = createLedger<number, number>(MAX_TIMES, (step) => {
    const holding = readers.map((holdsAt) => (holdsAt(step * stepMs) ? '1' : '0')).join('');
    const number = numbers.get(holding) ?? numbers.size + 1;
    numbers.set(holding, number);
    return number;
  });
  return (atMs) => numberOf(Math.floor(atMs / stepMs));
}

/** Clocks of this century differ from UTC by whole quarters of an hour. Where the windows keep to them too, nothing changes within a quarter. */
const stepOf = (schedules: readonly Schedule[]): number =>
  schedules.every(({ windows }) => windows.every(({ from, to }) => minuteOf(from) % 15 === 0 && minuteOf(to) % 15 === 0)) ? 15 : 1;
