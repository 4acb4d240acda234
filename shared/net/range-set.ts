import { type Address, type Family, LAST_ADDRESS } from './address.ts';

/** All addresses from `first` to `last`, both included; never empty, never across families. */
export type AddressRange = { readonly family: Family; readonly first: bigint; readonly last: bigint };

/** Sorted (IPv4 before IPv6, then by address), disjoint and not adjacent: one set of addresses has exactly one such list. May be empty. */
export type RangeSet = readonly AddressRange[];

export const WHOLE_FAMILY: Record<Family, AddressRange> = {
  4: { family: 4, first: 0n, last: LAST_ADDRESS[4] },
  6: { family: 6, first: 0n, last: LAST_ADDRESS[6] },
};

/** The order of a RangeSet: IPv4 first, then by first and last address. */
export const compareRanges = (a: AddressRange, b: AddressRange): number => a.family - b.family || compare(a.first, b.first) || compare(a.last, b.last);
const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
/** Math.max and Math.min take no bigint. */
const larger = (a: bigint, b: bigint) => (compare(a, b) > 0 ? a : b);
const smaller = (a: bigint, b: bigint) => (compare(a, b) < 0 ? a : b);

export const singleRange = (address: Address): AddressRange => ({ family: address.family, first: address.value, last: address.value });

/** Any ranges, in any order and overlapping, made canonical. */
export function toRangeSet(ranges: Iterable<AddressRange>): RangeSet {
  const merged: { family: Family; first: bigint; last: bigint }[] = [];
  for (const range of [...ranges].sort(compareRanges)) {
    const before = merged.at(-1);
    if (before && before.family === range.family && range.first <= before.last + 1n) {
      if (range.last > before.last) before.last = range.last;
    } else merged.push({ ...range });
  }
  return merged;
}

export const unionRanges = (a: RangeSet, b: RangeSet): RangeSet => toRangeSet([...a, ...b]);

/** Addresses in both. Linear in the two lengths. */
export function intersectRanges(a: RangeSet, b: RangeSet): RangeSet {
  const both: AddressRange[] = [];
  for (let i = 0, j = 0; ; ) {
    const left = a[i];
    const right = b[j];
    if (!left || !right) return both;
    if (left.family !== right.family) {
      if (left.family < right.family) i++;
      else j++;
      continue;
    }
    const first = larger(left.first, right.first);
    const last = smaller(left.last, right.last);
    if (first <= last) both.push({ family: left.family, first, last });
    if (left.last < right.last) i++;
    else j++;
  }
}

/** Addresses in `a` and not in `b`. */
export const subtractRanges = (a: RangeSet, b: RangeSet): RangeSet => intersectRanges(a, complementRanges(b));

/** Every address of both families that is not in `a`. */
export function complementRanges(a: RangeSet): RangeSet {
  const rest: AddressRange[] = [];
  for (const family of [4, 6] as const) {
    let next = 0n;
    for (const range of a) {
      if (range.family !== family) continue;
      if (range.first > next) rest.push({ family, first: next, last: range.first - 1n });
      next = range.last + 1n;
    }
    if (next <= LAST_ADDRESS[family]) rest.push({ family, first: next, last: LAST_ADDRESS[family] });
  }
  return rest;
}

/** Binary search. */
export function containsAddress(set: RangeSet, address: Address): boolean {
  let low = 0;
  let high = set.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = set[middle];
    if (!range) return false;
    const side = range.family - address.family || (address.value < range.first ? 1 : address.value > range.last ? -1 : 0);
    if (side === 0) return true;
    if (side > 0) high = middle - 1;
    else low = middle + 1;
  }
  return false;
}

export const ofFamily = (set: RangeSet, family: Family): RangeSet => set.filter((range) => range.family === family);

export const equalRanges = (a: RangeSet, b: RangeSet): boolean =>
  a.length === b.length && a.every((range, i) => range.family === b[i]?.family && range.first === b[i].first && range.last === b[i].last);

/** How many addresses; exact, so a bigint. */
export const countAddresses = (set: RangeSet): bigint => set.reduce((sum, range) => sum + range.last - range.first + 1n, 0n);
