import { countText } from '../text/amount-text.ts';
import { describeTimers, listUnfired, type TimerEvidence, type UnfiredTimer } from './unfired-timers.ts';

/** What is known about one host of the zone that has an agent. Times are epoch ms, UTC. */
export type HostObservation = {
  readonly name: string;
  /** The hour of its first snapshot; null without any. */
  readonly observedSinceMs: number | null;
  /** Starts of the hours that its record covers, in the last 28 days, without order. */
  readonly coveredHoursMs: readonly number[];
  readonly timers: readonly TimerEvidence[];
};

export type MaturityEvidence = {
  readonly nowMs: number;
  readonly hosts: readonly HostObservation[];
  /** When each flow key of the zone's hosts was first seen, without order. A key is reporter, direction, who the peer is (host, IP list or any stranger), protocol and port. */
  readonly firstSeenAtMs: readonly number[];
};

export type MaturityState = 'learning' | 'stabilizing' | 'stable';
export type MaturityReason = { readonly check: 'observed' | 'new-flows' | 'weekdays-covered' | 'hours-covered' | 'timers-not-fired'; readonly isMet: boolean; readonly text: string };

/** `reasons` are for the next state (for the present one when it is stable), `towardsStable` for stable; `missing` says what to wait for, empty when stable. */
export type Maturity = {
  readonly state: MaturityState;
  readonly reasons: readonly MaturityReason[];
  readonly missing: readonly string[];
  readonly towardsStable: readonly MaturityReason[];
  readonly newKeysADay: number;
  readonly keys: number;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A day has its nightly jobs in it, a week its weekend. */
const HOURS_BEFORE_STABILIZING = 24;
const HOURS_BEFORE_STABLE = 24 * 7;
/** Of all keys, how many a day may still be new: in the last day before stabilizing, on average of the last three before stable; one a day is never too many. */
const NEW_SHARE_STABILIZING = 0.1;
const NEW_SHARE_STABLE = 0.01;
const STABLE_DAYS = 3;
/** A weekday that was covered for half of it had its working hours or its night in it, not both: more is wanted. */
const HOURS_OF_A_COVERED_DAY = 18;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/**
 * How much of what the zone does has been seen. learning: less than a day observed, or one flow key in ten still new · stabilizing: that is over, but something
 * that comes once a week may not have come · stable: a week, each weekday and each hour of the day on every host, hardly a new key, and every timer has fired.
 * Whatever is counted is that of the host that has least of it.
 */
export function judgeMaturity(evidence: MaturityEvidence): Maturity {
  const { hosts, nowMs, firstSeenAtMs } = evidence;
  const newIn = (days: number) => firstSeenAtMs.filter((atMs) => atMs > nowMs - days * DAY_MS).length / days;
  const toStabilizing = [checkObserved(evidence, HOURS_BEFORE_STABILIZING), checkNew(newIn(1), firstSeenAtMs.length, NEW_SHARE_STABILIZING, 'in the last day')];
  const toStable = [
    checkObserved(evidence, HOURS_BEFORE_STABLE),
    checkNew(newIn(STABLE_DAYS), firstSeenAtMs.length, NEW_SHARE_STABLE, `in the last ${STABLE_DAYS} days`),
    checkWeekdays(hosts),
    checkHours(hosts),
    checkTimers(listUnfired(hosts)),
  ];
  const state = !areMet(toStabilizing) ? 'learning' : areMet(toStable) ? 'stable' : 'stabilizing';
  const reasons = state === 'learning' ? toStabilizing : toStable;
  const missing = reasons.filter(({ isMet }) => !isMet).map(({ text }) => text);
  const newADay = newIn(state === 'learning' ? 1 : STABLE_DAYS);
  return { state, reasons, missing, towardsStable: toStable, newKeysADay: Math.round(newADay * 10) / 10, keys: firstSeenAtMs.length };
}

const areMet = (reasons: readonly MaturityReason[]): boolean => reasons.every(({ isMet }) => isMet);

function checkObserved({ hosts, nowMs }: MaturityEvidence, wanted: number): MaturityReason {
  if (hosts.length === 0) return { check: 'observed', isMet: false, text: 'no host of the zone has an agent, so nothing is observed' };
  const hours = hosts.map(({ observedSinceMs }) => (observedSinceMs === null ? 0 : Math.max(0, Math.floor((nowMs - observedSinceMs) / HOUR_MS))));
  const least = Math.min(...hours);
  return { check: 'observed', isMet: least >= wanted, text: `${countText(least, 'hour')} observed on the host with the least; ${wanted} are wanted` };
}

function checkNew(newADay: number, keys: number, share: number, period: string): MaturityReason {
  if (keys === 0) return { check: 'new-flows', isMet: false, text: 'no flow was seen yet' };
  const allowed = Math.max(1, keys * share);
  const rounded = Math.round(newADay * 10) / 10;
  return { check: 'new-flows', isMet: newADay <= allowed, text: `${rounded} new flow keys a day ${period}, of ${keys} known; ${Math.floor(allowed)} at most are wanted` };
}

function checkWeekdays(hosts: readonly HostObservation[]): MaturityReason {
  const missing = new Set(hosts.flatMap(({ coveredHoursMs }) => missingWeekdays(coveredHoursMs)));
  const covered = hosts.length === 0 ? 0 : WEEKDAYS.length - missing.size;
  const names = WEEKDAYS.filter((_, day) => missing.has(day)).join(', ');
  const text = covered === WEEKDAYS.length ? 'every weekday was observed on every host' : `${covered} of 7 weekdays observed on every host${names === '' ? '' : `; missing ${names} (UTC)`}`;
  return { check: 'weekdays-covered', isMet: covered === WEEKDAYS.length, text };
}

/** Numbers of the weekdays (Sunday is 0) of which the host's record covers no day for 18 hours. */
function missingWeekdays(hoursMs: readonly number[]): number[] {
  const byDay = new Map<number, number>();
  for (const hourMs of new Set(hoursMs)) byDay.set(Math.floor(hourMs / DAY_MS), (byDay.get(Math.floor(hourMs / DAY_MS)) ?? 0) + 1);
  const covered = new Set([...byDay].filter(([, hours]) => hours >= HOURS_OF_A_COVERED_DAY).map(([day]) => new Date(day * DAY_MS).getUTCDay()));
  return WEEKDAYS.map((_, day) => day).filter((day) => !covered.has(day));
}

function checkHours(hosts: readonly HostObservation[]): MaturityReason {
  const counts = hosts.map(({ coveredHoursMs }) => new Set(coveredHoursMs.map((hourMs) => Math.floor(hourMs / HOUR_MS) % 24)).size);
  const least = counts.length === 0 ? 0 : Math.min(...counts);
  return { check: 'hours-covered', isMet: least === 24, text: `${least} of the 24 hours of the day observed on the host with the fewest` };
}

function checkTimers(unfired: readonly UnfiredTimer[]): MaturityReason {
  const text = unfired.length === 0 ? 'every systemd timer has fired, and every cron job that hosts told of has had its time, since observation began' : `not fired since observation began: ${describeTimers(unfired)}`;
  return { check: 'timers-not-fired', isMet: unfired.length === 0, text };
}
