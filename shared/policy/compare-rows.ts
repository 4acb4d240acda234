import type { HostDiff } from '../model/diff.ts';
import type { Family } from '../net/address.ts';
import { type PortRange, printPortRange, toPortSet } from '../net/port-set.ts';
import { printRanges } from '../net/print-range.ts';
import { type RangeSet, subtractRanges, WHOLE_FAMILY } from '../net/range-set.ts';
import { describeAs } from '../text/identity-text.ts';
import { printSchedule } from '../text/schedule-text.ts';
import { printUtc } from '../time/schedule-windows.ts';
import type { RuleRow, ServiceMatch, ServiceTerm } from './host-ruleset.ts';

/** How one rule's row changed; `added` and `removed` are addresses and services as text, in a fixed order. */
export type RowChange = {
  readonly kind: 'added' | 'removed' | 'changed' | 'same';
  readonly effect: HostDiff['rows'][number]['effect'];
  readonly added: readonly string[];
  readonly removed: readonly string[];
};

/** A change that both adds and removes counts as the riskier: for an allow rule what it adds, for a deny rule what it no longer denies. */
export function compareRows(was: RuleRow | null, is: RuleRow | null): RowChange {
  const action = (is ?? was)?.action;
  const [more, less] = action === 'deny' ? (['tightens', 'widens'] as const) : (['widens', 'tightens'] as const);
  if (!was) return { kind: is ? 'added' : 'same', effect: is ? more : 'same', added: [], removed: [] };
  if (!is) return { kind: 'removed', effect: less, added: [], removed: [] };
  const added = [...missingAddresses(is, was), ...missingServices(is.services, was.services), ...missingTimes(is, was), ...missingSenders(is, was)];
  const removed = [...missingAddresses(was, is), ...missingServices(was.services, is.services), ...missingTimes(was, is), ...missingSenders(was, is)];
  const isSame = added.length === 0 && removed.length === 0;
  if (isSame) return { kind: was.peerText === is.peerText && was.serviceText === is.serviceText ? 'same' : 'changed', effect: 'same', added, removed };
  const widens = action === 'deny' ? removed.length > 0 : added.length > 0;
  return { kind: 'changed', effect: widens ? 'widens' : 'tightens', added, removed };
}

function missingAddresses(a: RuleRow, b: RuleRow): string[] {
  const minus = (end: 'peers' | 'local') => printRanges(subtractRanges(endRanges(a, end), endRanges(b, end)));
  return [...minus('peers'), ...minus('local').map((text) => `at ${text}`)];
}

/** Whom a row is about at the other end. */
export const peerRanges = (row: RuleRow): RangeSet => endRanges(row, 'peers');

/** `any` of a lane is the whole family, so that it can be compared with what is listed. */
const endRanges = (row: RuleRow, end: 'peers' | 'local'): RangeSet =>
  ([4, 6] as const).flatMap((family: Family) =>
    row.lanes.filter((lane) => lane.family === family).flatMap((lane) => (lane[end].kind === 'any' ? [WHOLE_FAMILY[family]] : [...lane[end].ranges])),
  );

/** Two schedules are not compared window by window: another one counts as both more and less. */
function missingTimes(a: RuleRow, b: RuleRow): string[] {
  const [timesA, timesB] = [a, b].map((row) => (row.schedule ? printSchedule(row.schedule) : null));
  const times = timesB === null || timesA === timesB ? [] : [timesA === null ? 'every other time' : `at ${timesA}`];
  const isLonger = b.endsAtMs !== null && (a.endsAtMs === null || a.endsAtMs > b.endsAtMs);
  return isLonger ? [...times, `from ${printUtc(b.endsAtMs ?? 0)} UTC on`] : times;
}

function missingSenders(a: RuleRow, b: RuleRow): string[] {
  if (b.as === null || describeAs(a.as) === describeAs(b.as)) return [];
  return [a.as === null ? 'everyone else' : describeAs(a.as).trim()];
}

function missingServices(a: ServiceMatch, b: ServiceMatch): string[] {
  if (b.kind === 'any') return [];
  if (a.kind === 'any') return ['every other service'];
  return a.terms.flatMap((term) => {
    const other = b.terms.find((candidate) => protocolOf(candidate) === protocolOf(term));
    if (term.kind === 'ports')
      return subtractPorts(term.ports, other?.kind === 'ports' ? other.ports : []).map((range) => `${term.protocol}/${printPortRange(range)}`);
    const name = protocolOf(term);
    const known: 'all' | readonly number[] = other?.kind === 'icmp' ? other.types : [];
    if (known === 'all') return [];
    return term.types === 'all' ? [name] : term.types.filter((type) => !known.includes(type)).map((type) => `${name}/${type}`);
  });
}

const protocolOf = (term: ServiceTerm): string => (term.kind === 'ports' ? term.protocol : term.family === 4 ? 'icmp' : 'icmpv6');

function subtractPorts(a: readonly PortRange[], b: readonly PortRange[]): readonly PortRange[] {
  const rest = b.reduce<PortRange[]>(
    (left, cut) =>
      left.flatMap((range) => [
        ...(range.from < cut.from ? [{ from: range.from, to: Math.min(range.to, cut.from - 1) }] : []),
        ...(range.to > cut.to ? [{ from: Math.max(range.from, cut.to + 1), to: range.to }] : []),
      ]),
    [...a],
  );
  return toPortSet(rest);
}
