import { getAddress } from '../../../net/address.ts';
import { cidrRange, parseCidr } from '../../../net/parse-cidr.ts';
import { containsAddress, type RangeSet, toRangeSet } from '../../../net/range-set.ts';
import { expectParsed } from '../../testing/builders.ts';

const known = new Map<string, RangeSet>();

/** Whether an address is in one of the texts that exports write: an address, a network, or `first-last`. */
export const isIn = (texts: readonly string[], address: string): boolean => texts.some((text) => containsAddress(read(text), getAddress(address)));

function read(text: string): RangeSet {
  const before = known.get(text);
  if (before) return before;
  const [first = '', last] = text.split('-');
  const ranges = last === undefined ? toRangeSet([cidrRange(expectParsed(parseCidr(text)))]) : toRangeSet([{ family: getAddress(first).family, first: getAddress(first).value, last: getAddress(last).value }]);
  known.set(text, ranges);
  return ranges;
}

/** `80`, `8000-8010` or `8000:8010`. */
export function hasPort(texts: readonly string[], port: number | null): boolean {
  return port !== null && texts.some((text) => {
    const [from = -1, to = from] = text.split(/[-:]/).map(Number);
    return from <= port && port <= to;
  });
}
