import { ADDRESS_BITS, printAddress } from './address.ts';
import type { AddressRange, RangeSet } from './range-set.ts';

/** One address, a CIDR when the range is exactly one, else `first-last`. nft reads all three. */
export function printRange(range: AddressRange): string {
  const first = printAddress({ family: range.family, value: range.first });
  if (range.first === range.last) return first;
  const prefix = prefixLength(range);
  return prefix === null ? `${first}-${printAddress({ family: range.family, value: range.last })}` : `${first}/${prefix}`;
}

/** One text a range, in the set's order: equal sets print equally. */
export const printRanges = (set: RangeSet): string[] => set.map(printRange);

/** The fewest CIDRs that make up the range, in order. */
export function printCidrs(range: AddressRange): string[] {
  const cidrs: string[] = [];
  for (let next = range.first; next <= range.last; ) {
    let size = next === 0n ? 1n << BigInt(ADDRESS_BITS[range.family]) : next & -next;
    while (next + size - 1n > range.last) size >>= 1n;
    cidrs.push(printRange({ family: range.family, first: next, last: next + size - 1n }));
    next += size;
  }
  return cidrs;
}

function prefixLength(range: AddressRange): number | null {
  const size = range.last - range.first + 1n;
  if ((size & (size - 1n)) !== 0n || range.first % size !== 0n) return null;
  return ADDRESS_BITS[range.family] - (size.toString(2).length - 1);
}
