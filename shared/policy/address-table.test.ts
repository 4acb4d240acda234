import { expect, test } from 'vitest';
import { createAddressTable } from './address-table.ts';
import { readIp } from './simulate-match.ts';
import { createRandom } from './testing/random.ts';

test('every address of a list is found at its place, and no other is, however full the table', () => {
  const random = createRandom(7);
  for (const length of [0, 1, 2, 3, 1000]) {
    const list = [...new Set(random.many(length, length, () => (random.chance(0.8) ? random.integer(5000) + 167_772_160 : readIp(`fd00::${random.integer(5000).toString(16)}`))))];
    const placeOf = createAddressTable(list);
    expect(list.map(placeOf)).toEqual(list.map((_, place) => place));
    const others = random.many(500, 500, () => random.integer(2 ** 32)).filter((ip) => !list.includes(ip));
    expect(new Set([...others, 0n, 1n].map(placeOf))).toEqual(new Set([-1]));
  }
});
