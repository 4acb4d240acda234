import type { Family } from './address.ts';
import { type AddressRange, ofFamily, type RangeSet, toRangeSet } from './range-set.ts';

export type NonEmpty<T> = readonly [T, ...T[]];

/**
 * Whom one end of a rule means. `none` is its own kind so that "no restriction" and "nobody left" cannot be confused:
 * Capirca and aerleon print an unrestricted accept for both (RELIABILITY.md section 2).
 */
export type AddressMatch = { readonly kind: 'any' } | { readonly kind: 'in'; readonly ranges: NonEmpty<AddressRange> } | { readonly kind: 'none' };

export const ANY: AddressMatch = { kind: 'any' };
export const NONE: AddressMatch = { kind: 'none' };

/** No ranges is `none`, never `any`. */
export const matchRanges = (ranges: Iterable<AddressRange>): AddressMatch => matchSet(toRangeSet(ranges));

/** The same for ranges that are a set already. */
export const matchSet = (ranges: RangeSet): AddressMatch => (isNonEmpty(ranges) ? { kind: 'in', ranges } : NONE);

/** What of the match lies in one family. `any` stays `any`. */
export function matchInFamily(match: AddressMatch, family: Family): AddressMatch {
  if (match.kind !== 'in') return match;
  return matchSet(ofFamily(match.ranges, family));
}

export const isNonEmpty = <T>(list: readonly T[]): list is NonEmpty<T> => list.length > 0;
