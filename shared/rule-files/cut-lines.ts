import { type Address, type Family, LAST_ADDRESS } from '../net/address.ts';
import { type PortRange, LAST_PORT } from '../net/port-set.ts';
import { type AddressRange, type RangeSet, toRangeSet } from '../net/range-set.ts';
import type { Condition, RuleFile } from './rule-file.ts';

/** Addresses that no rule tells apart; `example` is one of them. */
export type SourceClass = { readonly ranges: RangeSet; readonly example: Address };

/** Every condition of the files, those within concatenations too. */
export function* conditionsOf(files: readonly RuleFile[]): Generator<Condition, void, void> {
  for (const file of files) for (const chain of file.chains.values()) for (const { conditions } of chain.rules) for (const condition of conditions) yield* inside(condition);
}

function* inside(condition: Condition): Generator<Condition, void, void> {
  yield condition;
  if (condition.kind === 'oneOf') for (const tuple of condition.tuples) for (const part of tuple) yield* inside(part);
}

/** All addresses of both families, by which source conditions hold for them. Never empty. */
export function classifySources(files: readonly RuleFile[]): SourceClass[] {
  const sets = [...new Set([...conditionsOf(files)].flatMap((condition) => (condition.kind === 'source' ? [condition.ranges] : [])))];
  return ([4, 6] as const).flatMap((family) => classifyFamily(family, sets.map((set) => set.filter((range) => range.family === family))));
}

function classifyFamily(family: Family, sets: readonly RangeSet[]): SourceClass[] {
  const starts = [...new Set([0n, ...sets.flatMap((set) => set.flatMap(({ first, last }) => (last === LAST_ADDRESS[family] ? [first] : [first, last + 1n])))])].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const placeOf = new Map(starts.map((start, place) => [start, place]));
  const members: string[][] = starts.map(() => []);
  sets.forEach((set, number) => {
    for (const { first, last } of set) {
      const end = last === LAST_ADDRESS[family] ? starts.length : (placeOf.get(last + 1n) ?? starts.length);
      for (let place = placeOf.get(first) ?? 0; place < end; place++) members[place]?.push(String(number));
    }
  });
  const classes = new Map<string, AddressRange[]>();
  starts.forEach((first, place) => {
    const key = members[place]?.join(' ') ?? '';
    const last = (starts[place + 1] ?? LAST_ADDRESS[family] + 1n) - 1n;
    const ranges = classes.get(key) ?? [];
    ranges.push({ family, first, last });
    classes.set(key, ranges);
  });
  return [...classes.values()].map((ranges) => ({ ranges: toRangeSet(ranges), example: { family, value: ranges[0]?.first ?? 0n } }));
}

/** The line of ports, cut wherever a rule begins or ends to ask for one. `last`: 65535, or 255 for types of ICMP. */
export function cutPorts(files: readonly RuleFile[], kind: 'port' | 'type', last: number = LAST_PORT): PortRange[] {
  const starts = new Set([0]);
  for (const condition of conditionsOf(files)) {
    const ports = kind === 'port' && condition.kind === 'port' ? condition.ports : kind === 'type' && condition.kind === 'type' ? condition.types : [];
    for (const { from, to } of ports) {
      starts.add(from);
      if (to < last) starts.add(to + 1);
    }
  }
  const sorted = [...starts].filter((start) => start <= last).sort((a, b) => a - b);
  return sorted.map((from, place) => ({ from, to: (sorted[place + 1] ?? last + 1) - 1 }));
}
