import { Cron } from 'croner';
import type { TimerEvidence } from './unfired-timers.ts';

/** A job of a host's cron as its facts have it; `zone` is what its table says (CRON_TZ), null where it says nothing. */
export type CronJob = { readonly user: string; readonly schedule: string; readonly zone: string | null; readonly name: string };

export type CronClock = {
  /** The host's own time zone; null is unknown, and read as UTC. */
  readonly zone: string | null;
  /** Null where the host has no recordings. */
  readonly observedSinceMs: number | null;
  readonly nowMs: number;
};

/**
 * A cron job as a timer. Cron keeps no record of what it ran, so a job counts as fired when its schedule had a time since observation began. Null where the schedule
 * cannot be read or never comes. Schedules are those of crontab(5): a day of the month or a day of the week.
 */
export function toTimerEvidence(job: CronJob, { zone, observedSinceMs, nowMs }: CronClock): TimerEvidence | null {
  const ownZone = job.zone ?? zone ?? 'UTC';
  const nextFiresAtMs = nextAfter(job.schedule, ownZone, Math.floor(nowMs / MINUTE_MS) * MINUTE_MS);
  if (nextFiresAtMs === null) return null;
  const first = observedSinceMs === null ? null : nextAfter(job.schedule, ownZone, observedSinceMs);
  return { unit: `cron job ${job.name} of ${job.user}`, lastFiredAtMs: first !== null && first <= nowMs ? first : null, nextFiresAtMs };
}

const MINUTE_MS = 60_000;
const MAX_REMEMBERED = 20_000;
/** Hosts of a fleet have the same tables, and a schedule takes a millisecond to read. */
const remembered = new Map<string, number>();
/** Schedules that never come, or are none: to find that out takes twenty milliseconds, and it is so at any time. */
const never = new Set<string>();

function nextAfter(schedule: string, zone: string, fromMs: number): number | null {
  const key = `${schedule}|${zone}|${fromMs}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (never.has(schedule)) return null;
  const inZone = findNext(schedule, zone, fromMs);
  const found = inZone === 'refused' ? findNext(schedule, 'UTC', fromMs) : inZone;
  if (found === 'refused' || found === null) {
    if (never.size >= MAX_REMEMBERED) never.clear();
    never.add(schedule);
    return null;
  }
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(key, found);
  return found;
}

/** Null for what never comes; refused is what is no schedule, or is asked in a zone that does not exist: a host may say anything. */
function findNext(schedule: string, timezone: string, fromMs: number): number | 'refused' | null {
  try {
    return new Cron(schedule, { paused: true, timezone, mode: '5-part' }).nextRun(new Date(fromMs))?.getTime() ?? null;
  } catch {
    return 'refused';
  }
}
