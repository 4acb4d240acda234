import type { FleetHost } from '../../model/host.ts';
import type { HostId } from '../../model/ids.ts';
import type { End, RuleSpace } from './rule-space.ts';

/** How complete the record of a host is. Times are epoch ms; null: nothing was recorded. */
export type HostRecord = {
  /** Of all time. */
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  /** In the period that is asked about: seconds that no counter covers, at most. */
  readonly gapSeconds: number;
  /** In that period: packets of new connections that were counted and not described. */
  readonly lost: number;
};

const DAY_MS = 86_400_000;
/** A console that collected two days ago still knows whether a rule is used; one that did so a month ago does not. */
const FRESH_MS = 2 * DAY_MS;
const GAP_SHARE = 0.05;

/** Whether “nothing was seen” means something: recorded for all of the period until lately, and at most a twentieth of it missing. */
export function isWatched(record: HostRecord | undefined, nowMs: number, days: number): boolean {
  if (!record || record.sinceMs === null || record.untilMs === null) return false;
  return record.sinceMs <= nowMs - days * DAY_MS && record.untilMs >= nowMs - FRESH_MS && record.gapSeconds * 1000 <= days * DAY_MS * GAP_SHARE;
}

/**
 * Whether every connection of the rule that a host of ours sees would have been recorded: all managed hosts of both ends are watched, or one end is nothing
 * but watched hosts. A rule at whose ends nothing of ours records is never watched.
 */
export function createWatch(records: ReadonlyMap<HostId, HostRecord>, nowMs: number, days: number): (space: RuleSpace) => boolean {
  const watched = new Set([...records].filter(([, record]) => isWatched(record, nowMs, days)).map(([id]) => id));
  const isSeen = (host: FleetHost) => host.managed && watched.has(host.id);
  const known = new Map<End, { readonly whole: boolean; readonly managed: boolean; readonly some: boolean }>();
  const look = (end: End) => {
    const before = known.get(end);
    if (before) return before;
    const managed = end.hosts.filter((host) => host.managed);
    const all = { whole: end.resolved.covers.kind === 'hosts' && end.hosts.length > 0 && end.hosts.every(isSeen), managed: managed.every(isSeen), some: managed.length > 0 };
    known.set(end, all);
    return all;
  };
  return ({ ends }) => {
    const [from, to] = [look(ends.from), look(ends.to)];
    return from.whole || to.whole || (from.managed && to.managed && (from.some || to.some));
  };
}
