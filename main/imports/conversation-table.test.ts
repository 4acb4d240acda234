import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createConversationTable } from './conversation-table.ts';
import { addToTallies, mostByPeriod, rollUpTally, type Tally } from './hour-tallies.ts';

const small = fc.integer({ min: 0, max: 40 });
const any = fc.integer({ min: 0, max: 2 ** 31 - 1 });

test('the table finds what a map of texts finds, also after it grew', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.tuple(small, small, small), fc.tuple(any, any, any)), { maxLength: 200 }), fc.nat(3), (keys, seed) => {
      const table = createConversationTable();
      const known = new Map<string, number>();
      const grown = seed === 0 ? Array.from({ length: 5000 }, (_, i): [number, number, number] => [i % 71, i, 7]) : [];
      for (const key of [...grown, ...keys]) {
        const before = known.get(key.join()) ?? -1;
        expect(table.find(...key)).toBe(before);
        if (before < 0) known.set(key.join(), table.add(...key));
      }
      for (const [key, place] of known) {
        const [a = 0, b = 0, c = 0] = key.split(',').map(Number);
        expect(table.find(a, b, c)).toBe(place);
      }
    }),
    { numRuns: 60, seed: 6 },
  );
});

test('hours in any order are counted as a plain sum counts them, and days are the sums of their hours', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.constantFrom('a', 'b')), { minLength: 1, maxLength: 80 }), (sights) => {
      const tallies: Tally[] = [];
      for (const [hour, witness] of sights) addToTallies(tallies, witness, hour, 1, true);
      const countsOf = (witness: string, factor: number) => {
        const sums = new Map<number, number>();
        for (const [hour, who] of sights) if (who === witness) sums.set(Math.floor(hour / factor), (sums.get(Math.floor(hour / factor)) ?? 0) + 1);
        return sums;
      };
      const expected = (factor: number) => {
        const [a, b] = [countsOf('a', factor), countsOf('b', factor)];
        return [...new Set([...a.keys(), ...b.keys()])].toSorted((x, y) => x - y).map((period) => [period, Math.max(a.get(period) ?? 0, b.get(period) ?? 0)]);
      };
      expect(mostByPeriod(tallies)).toEqual(expected(1));
      const left = tallies.reduce((sum, tally) => sum + rollUpTally(tally, 24), 0);
      expect([mostByPeriod(tallies), left]).toEqual([expected(24), countsOf('a', 24).size + countsOf('b', 24).size]);
    }),
    { numRuns: 100, seed: 6 },
  );
});
