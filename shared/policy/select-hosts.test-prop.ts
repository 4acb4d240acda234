import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Labels } from '../model/label.ts';
import type { SelectorSet } from '../model/selector.ts';
import { matchesSelectorSet } from './select.ts';
import { createHostSelector } from './select-hosts.ts';

const KEYS = ['app', 'role', 'constructor'] as const;
const VALUES = ['a', 'b', 'c'] as const;
const labels = fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES)), { selector: ([key]) => key, maxLength: 3 }).map((pairs): Labels => Object.fromEntries(pairs));
const term = fc.record({ key: fc.constantFrom(...KEYS), op: fc.constantFrom('=' as const, '!=' as const), values: fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 3 }) });
const selector = fc.record({ terms: fc.array(term, { minLength: 1, maxLength: 3 }) });
const set: fc.Arbitrary<SelectorSet> = fc.record({ include: fc.array(selector, { minLength: 1, maxLength: 3 }), exclude: fc.array(selector, { maxLength: 2 }) });

it('the index selects whom asking every host selects, in the order of the hosts and each once', () => {
  fc.assert(
    fc.property(fc.array(labels, { maxLength: 12 }), set, (all, wanted) => {
      const hosts = all.map((one) => ({ labels: one }));
      const asked = hosts.flatMap((host, i) => (matchesSelectorSet(wanted, host.labels) ? [i] : []));
      expect(createHostSelector(hosts)(wanted)).toEqual(asked);
    }),
  );
});
