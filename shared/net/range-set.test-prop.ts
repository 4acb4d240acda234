import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Address, type Family, LAST_ADDRESS, parseAddress, printAddress } from './address.ts';
import { matchInFamily, matchRanges } from './address-match.ts';
import { cidrRange, parseCidr } from './parse-cidr.ts';
import { printCidrs, printRanges } from './print-range.ts';
import {
  type AddressRange,
  complementRanges,
  containsAddress,
  countAddresses,
  intersectRanges,
  type RangeSet,
  subtractRanges,
  toRangeSet,
  unionRanges,
} from './range-set.ts';

/** Few values near both ends of each family, so that edges meet. */
const value = (family: Family) => fc.oneof(fc.bigInt(0n, 24n), fc.bigInt(LAST_ADDRESS[family] - 24n, LAST_ADDRESS[family]));
const range = fc
  .constantFrom<Family>(4, 6)
  .chain((family) =>
    fc.tuple(value(family), value(family)).map(([a, b]): AddressRange => (a < b ? { family, first: a, last: b } : { family, first: b, last: a })),
  );
const rangeSet = fc.array(range, { maxLength: 6 }).map(toRangeSet);
const address = fc.constantFrom<Family>(4, 6).chain((family) => value(family).map((v): Address => ({ family, value: v })));

const isCanonical = (set: RangeSet): boolean =>
  set.every((one, i) => {
    const next = set[i + 1];
    return one.first <= one.last && (next === undefined || one.family < next.family || (one.family === next.family && one.last + 1n < next.first));
  });

it('a made set is canonical and holds what its ranges held', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 8 }), address, (ranges, one) => {
      const set = toRangeSet(ranges);
      expect(isCanonical(set)).toBe(true);
      expect(containsAddress(set, one)).toBe(ranges.some((r) => r.family === one.family && r.first <= one.value && one.value <= r.last));
    }),
  );
});

it('union, intersection, difference and complement mean what they say for every address', () => {
  fc.assert(
    fc.property(rangeSet, rangeSet, address, (a, b, one) => {
      const [inA, inB] = [containsAddress(a, one), containsAddress(b, one)];
      const results = [unionRanges(a, b), intersectRanges(a, b), subtractRanges(a, b), complementRanges(a)];
      expect(results.map((set) => containsAddress(set, one))).toEqual([inA || inB, inA && inB, inA && !inB, !inA]);
      expect(results.every(isCanonical)).toBe(true);
    }),
  );
});

it('sizes add up', () => {
  fc.assert(
    fc.property(rangeSet, rangeSet, (a, b) => {
      expect(countAddresses(subtractRanges(a, b)) + countAddresses(intersectRanges(a, b))).toBe(countAddresses(a));
      expect(countAddresses(unionRanges(a, b)) + countAddresses(intersectRanges(a, b))).toBe(countAddresses(a) + countAddresses(b));
    }),
  );
});

it('the CIDRs of a range are read back as exactly the range, and at most two of each length', () => {
  fc.assert(
    fc.property(range, (one) => {
      const cidrs = printCidrs(one).map((text) => parseCidr(text));
      const back = toRangeSet(cidrs.flatMap((cidr) => (cidr.ok ? [cidrRange(cidr.value)] : [])));
      expect(back).toEqual([one]);
      expect(cidrs.length).toBeLessThanOrEqual(2 * (one.family === 4 ? 32 : 128));
    }),
  );
});

it('a printed address is read back as itself, except IPv4-mapped ones, which are refused', () => {
  const any = fc.constantFrom<Family>(4, 6).chain((family) => fc.bigInt(0n, LAST_ADDRESS[family]).map((v): Address => ({ family, value: v })));
  fc.assert(
    fc.property(
      any.filter((one) => one.value >> 32n !== 0xffffn),
      (one) => {
        expect(parseAddress(printAddress(one))).toEqual({ ok: true, value: one });
      },
    ),
  );
  expect(parseAddress(printAddress({ family: 6, value: 0xffff_0a00_0001n })).ok).toBe(false);
});

it('equal sets print equally, however they were made', () => {
  fc.assert(
    fc.property(rangeSet, rangeSet, (a, b) => {
      expect(printRanges(unionRanges(a, b))).toEqual(printRanges(unionRanges(b, a)));
    }),
  );
});

it('no ranges are nobody and never anyone, also in one family', () => {
  expect(matchRanges([])).toEqual({ kind: 'none' });
  fc.assert(
    fc.property(rangeSet, fc.constantFrom<Family>(4, 6), (set, family) => {
      const kind = set.some((r) => r.family === family) ? 'in' : 'none';
      expect(matchInFamily(matchRanges(set), family).kind).toBe(kind);
    }),
  );
});
