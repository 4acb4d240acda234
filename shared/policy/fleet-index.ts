import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import { getAddress } from '../net/address.ts';
import { type AddressRange, compareRanges, type RangeSet, singleRange, toRangeSet } from '../net/range-set.ts';
import { createHostSelector, type HostSelector } from './select-hosts.ts';

/** Which address families: 1 is IPv4, 2 is IPv6, 3 is both, 0 is neither. */
export type Families = 0 | 1 | 2 | 3;

/** Hosts by their place in the fleet, ascending, and beside each the families in which it takes part. */
export type Ends = { readonly hosts: readonly number[]; readonly families: readonly Families[] };

/** What compiling asks of a fleet again and again: who has which label, who has which address. Made once for a list of hosts. */
export type FleetIndex = {
  readonly hosts: readonly FleetHost[];
  readonly select: HostSelector;
  readonly named: (name: string) => readonly number[];
  readonly addressesOf: (id: HostId) => RangeSet;
  readonly familiesOf: (host: number) => Families;
  /** All addresses of some hosts as one set. */
  readonly addressesOfAll: (hosts: readonly number[]) => RangeSet;
  /** Hosts with an address in the ranges. */
  readonly endsIn: (ranges: RangeSet) => Ends;
};

export function createFleetIndex(hosts: readonly FleetHost[]): FleetIndex {
  const addresses = hosts.map((host) => host.addresses.map((text) => singleRange(getAddress(text))));
  const ranges = addresses.map(toRangeSet);
  const byId = new Map(hosts.map((host, i) => [host.id, ranges[i] ?? []]));
  const byName = new Map<string, number[]>();
  for (const [i, { name }] of hosts.entries()) byName.set(name, [...(byName.get(name) ?? []), i]);
  const families = ranges.map((own) => own.reduce<Families>((sum, { family }) => addFamily(sum, family), 0));
  const book = sortAddresses(addresses);
  return {
    hosts,
    select: createHostSelector(hosts),
    named: (name) => byName.get(name) ?? [],
    addressesOf: (id) => byId.get(id) ?? [],
    familiesOf: (host) => families[host] ?? 0,
    addressesOfAll: (members) => book.merge(members),
    endsIn: (set) => book.endsIn(set),
  };
}

export const addFamily = (families: Families, family: 4 | 6): Families => FAMILY_SUMS[families | (family === 4 ? 1 : 2)] ?? 3;
const FAMILY_SUMS: readonly Families[] = [0, 1, 2, 3];

type AddressBook = { readonly merge: (hosts: readonly number[]) => RangeSet; readonly endsIn: (set: RangeSet) => Ends };

/** Every address once, in order. Sets of hosts are then made by sorting small numbers, where sorting addresses (bigint) anew for each of thousands of peers took most of the time. */
function sortAddresses(addresses: readonly (readonly AddressRange[])[]): AddressBook {
  const entries = addresses.flatMap((own, host) => own.map((range) => ({ host, range }))).sort((a, b) => compareRanges(a.range, b.range));
  const distinct: AddressRange[] = [];
  const owners: number[][] = [];
  const ranks: number[][] = addresses.map(() => []);
  for (const { host, range } of entries) {
    const before = distinct.at(-1);
    if (!before || compareRanges(before, range) !== 0) {
      distinct.push(range);
      owners.push([]);
    }
    owners.at(-1)?.push(host);
    ranks[host]?.push(distinct.length - 1);
  }
  const follows = distinct.map((range, i) => range.family === distinct[i - 1]?.family && range.first - 1n === distinct[i - 1]?.first);
  return {
    merge: (members) => mergeRanks(Uint32Array.from(members.flatMap((host) => ranks[host] ?? [])).sort(), distinct, follows),
    endsIn: (set) => {
      const found = new Map<number, Families>();
      for (const range of set) {
        for (let i = findFirst(distinct, range); i < distinct.length; i++) {
          const one = distinct[i];
          if (!one || one.family !== range.family || one.first > range.last) break;
          for (const host of owners[i] ?? []) found.set(host, addFamily(found.get(host) ?? 0, range.family));
        }
      }
      const sorted = [...found].sort(([a], [b]) => a - b);
      return { hosts: sorted.map(([host]) => host), families: sorted.map(([, families]) => families) };
    },
  };
}

/** `ranks` ascending; an address that several hosts have comes several times. */
function mergeRanks(ranks: Uint32Array, distinct: readonly AddressRange[], follows: readonly boolean[]): RangeSet {
  const merged: AddressRange[] = [];
  for (let i = 0; i < ranks.length; ) {
    const from = ranks[i] ?? 0;
    let to = from;
    for (i++; i < ranks.length && (ranks[i] === to || (ranks[i] === to + 1 && follows[to + 1])); i++) to = ranks[i] ?? to;
    const [first, last] = [distinct[from], distinct[to]];
    if (first && last) merged.push(from === to ? first : { family: first.family, first: first.first, last: last.last });
  }
  return merged;
}

/** The first address that is not before the range. */
function findFirst(distinct: readonly AddressRange[], { family, first }: AddressRange): number {
  let [low, high] = [0, distinct.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = distinct[middle];
    if (one && (one.family < family || (one.family === family && one.first < first))) low = middle + 1;
    else high = middle;
  }
  return low;
}
