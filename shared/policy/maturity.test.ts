import { describe, expect, it } from 'vitest';
import { type HostObservation, judgeMaturity, type MaturityEvidence } from './maturity.ts';
import { describeTimers, listUnfired, type TimerEvidence } from './unfired-timers.ts';

const HOUR_MS = 3_600_000;
/** A Thursday. */
const NOW_MS = Date.UTC(2026, 0, 15);
const hoursBack = (count: number) => Array.from({ length: count }, (_, i) => NOW_MS - (i + 1) * HOUR_MS);
const aHost = (hours: number, input: Partial<HostObservation> = {}): HostObservation => ({ name: 'h1', observedSinceMs: NOW_MS - hours * HOUR_MS, coveredHoursMs: hoursBack(hours), timers: [], ...input });
const keys = (old: number, fresh: number) => [...Array.from({ length: old }, () => NOW_MS - 100 * HOUR_MS), ...Array.from({ length: fresh }, () => NOW_MS - HOUR_MS)];
const judge = (hosts: HostObservation[], firstSeenAtMs = keys(500, 0), more: Partial<MaturityEvidence> = {}) => judgeMaturity({ nowMs: NOW_MS, hosts, firstSeenAtMs, ...more });
const missing = (...args: Parameters<typeof judge>) => judge(...args).reasons.filter(({ isMet }) => !isMet).map(({ check }) => check);

describe('a zone', () => {
  it('that was seen for a week on every weekday and hour, with nothing new and no timer open, is stable', () => {
    const { state, missing: open, reasons, keys: known } = judge([aHost(168)]);
    expect([state, open, known]).toEqual(['stable', [], 500]);
    expect(reasons.map(({ text }) => text)).toEqual([
      '168 hours observed on the host with the least; 168 are wanted',
      '0 new flow keys a day in the last 3 days, of 500 known; 5 at most are wanted',
      'every weekday was observed on every host',
      '24 of the 24 hours of the day observed on the host with the fewest',
      'every systemd timer has fired, and every cron job that hosts told of has had its time, since observation began',
    ]);
  });

  it('learns for a day, and as long as one key in ten is new', () => {
    expect(judge([aHost(23)]).state).toBe('learning');
    expect(judge([aHost(24)]).state).toBe('stabilizing');
    expect(judge([aHost(168)], keys(90, 10)).state).toBe('stabilizing');
    expect(judge([aHost(168)], keys(90, 11))).toMatchObject({ state: 'learning', newKeysADay: 11, missing: ['11 new flow keys a day in the last day, of 101 known; 10 at most are wanted'] });
  });

  it('stabilizes until hardly anything is new: one key in a hundred a day, and one a day is never too many', () => {
    expect(missing([aHost(168)], keys(297, 9))).toEqual([]);
    expect(missing([aHost(168)], keys(297, 10))).toEqual(['new-flows']);
    expect(missing([aHost(168)], keys(40, 3))).toEqual([]);
    expect(missing([aHost(168)], keys(40, 4))).toEqual(['new-flows']);
  });

  it('is as far as the host that was seen least', () => {
    expect(judge([aHost(500), aHost(3, { name: 'h2' })]).state).toBe('learning');
    expect(judge([aHost(500), aHost(3, { observedSinceMs: null, coveredHoursMs: [] })]).reasons[0]?.text).toBe('0 hours observed on the host with the least; 24 are wanted');
  });

  it('lacks the weekdays and hours of which nothing was recorded, by name', () => {
    const withoutSunday = hoursBack(240).filter((hourMs) => new Date(hourMs).getUTCDay() !== 0);
    expect(judge([aHost(240, { coveredHoursMs: withoutSunday })]).missing).toEqual(['6 of 7 weekdays observed on every host; missing Sun (UTC)']);
    const withoutNights = hoursBack(240).filter((hourMs) => new Date(hourMs).getUTCHours() >= 4);
    expect(judge([aHost(240, { coveredHoursMs: withoutNights })]).missing).toEqual(['20 of the 24 hours of the day observed on the host with the fewest']);
  });

  it('without hosts or flows is learning, and says so', () => {
    expect(judge([], [])).toMatchObject({ state: 'learning', missing: ['no host of the zone has an agent, so nothing is observed', 'no flow was seen yet'] });
  });
});

describe('a timer', () => {
  const aTimer = (input: Partial<TimerEvidence> = {}): TimerEvidence => ({ unit: 'fstrim.timer', lastFiredAtMs: null, nextFiresAtMs: Date.UTC(2026, 0, 19, 0, 10), ...input });
  const units = (...timers: TimerEvidence[]) => listUnfired([aHost(168, { timers })]).map(({ unit }) => unit);

  it('that has not fired since observation began keeps a zone from being stable, by name', () => {
    expect(judge([aHost(168, { timers: [aTimer()] })])).toMatchObject({ state: 'stabilizing', missing: ['not fired since observation began: fstrim.timer on h1 (next 2026-01-19 00:10Z)'] });
  });

  it('counts as fired from the first hour of observation on, not before', () => {
    expect(units(aTimer({ lastFiredAtMs: NOW_MS - 168 * HOUR_MS }))).toEqual([]);
    expect(units(aTimer({ lastFiredAtMs: NOW_MS - 168 * HOUR_MS - 1 }))).toEqual(['fstrim.timer']);
  });

  it('that never fires again, or is our own, is not waited for', () => {
    expect(units(aTimer({ nextFiresAtMs: null }), aTimer({ unit: 'firebreak-collect.timer' }))).toEqual([]);
  });

  it('of many hosts is one line, soonest first, and five are named', () => {
    const hosts = ['a', 'b'].map((name) => aHost(168, { name, timers: [1, 2, 3, 4, 5, 6].map((n) => aTimer({ unit: `t${n}.timer`, nextFiresAtMs: NOW_MS + (7 - n) * HOUR_MS })) }));
    const text = describeTimers(listUnfired(hosts));
    expect(text).toMatch(/^t6\.timer on 2 hosts \(next 2026-01-15 01:00Z\), t5\.timer/);
    expect(text).toMatch(/ and 1 more$/);
  });

  it('with a time that no calendar has is shown without one', () => {
    expect(describeTimers(listUnfired([aHost(1, { timers: [aTimer({ nextFiresAtMs: 9e15 })] })]))).toBe('fstrim.timer on h1 (next unknown)');
  });
});
