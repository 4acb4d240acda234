import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Labels } from '../model/label.ts';
import type { SelectorSet } from '../model/selector.ts';
import { listPostureValues, Posture, POSTURE_FACTS, POSTURE_PREFIX } from '../model/posture.ts';
import { matchesSelectorSet, type Selectable } from './select.ts';
import { createHostSelector } from './select-hosts.ts';

const KEYS = ['app', 'role', 'constructor'] as const;
const VALUES = ['a', 'b', 'c'] as const;
const labels = fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES)), { selector: ([key]) => key, maxLength: 3 }).map((pairs): Labels => Object.fromEntries(pairs));
const term = fc.record({ key: fc.constantFrom(...KEYS), op: fc.constantFrom('=' as const, '!=' as const), values: fc.array(fc.constantFrom(...VALUES), { minLength: 1, maxLength: 3 }) });
const FACT_TERMS = POSTURE_FACTS.flatMap((fact) => listPostureValues(fact).map((value) => ({ key: `${POSTURE_PREFIX}${fact}`, value })));
const postureTerm = fc.tuple(fc.constantFrom(...FACT_TERMS), fc.constantFrom('=' as const, '!=' as const)).map(([{ key, value }, op]) => ({ key, op, values: [value] }));
const posture = fc.record({ 'secure-boot': fc.constantFrom(...Posture.shape['secure-boot'].options), disk: fc.constantFrom(...Posture.shape.disk.options), updates: fc.constantFrom(...Posture.shape.updates.options), edr: fc.constantFrom(...Posture.shape.edr.options) });
const selector = fc.record({ terms: fc.array(fc.oneof(term, postureTerm), { minLength: 1, maxLength: 3 }) });
const set: fc.Arbitrary<SelectorSet> = fc.record({ include: fc.array(selector, { minLength: 1, maxLength: 3 }), exclude: fc.array(selector, { maxLength: 2 }) });

it('the index selects whom asking every host selects, in the order of the hosts and each once', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(labels, fc.option(posture)), { maxLength: 12 }), set, (all, wanted) => {
      const hosts = all.map(([one, said]): Selectable => (said === null ? { labels: one } : { labels: one, posture: said }));
      const asked = hosts.flatMap((host, i) => (matchesSelectorSet(wanted, host) ? [i] : []));
      expect(createHostSelector(hosts)(wanted)).toEqual(asked);
    }),
  );
});
