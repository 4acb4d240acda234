import { expect, test } from 'vitest';
import type { Plan } from '../../shared/model/diff.ts';
import { formatPlan } from './format-plan.ts';

const aPlan = (change: Partial<Plan>): Plan => ({ hash: 'a'.repeat(64), baseVersion: null, policyDiff: [], hosts: [], impact: [], impactTotal: 0, refusals: [], warnings: [], brokenTests: [], windows: [], ...change });

test('an IP list of ten thousand networks does not bury the rest of the plan', () => {
  const networks = Array.from({ length: 10_000 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`).join(', ');
  const text = formatPlan(aPlan({ policyDiff: [{ change: 'added', what: 'iplist', name: 'big', before: null, after: networks }, { change: 'removed', what: 'zone', name: 'old', before: 'app=old; test', after: null }] }));
  expect(text.length).toBeLessThan(1000);
  expect(text).toMatch(/\+ iplist big: 10\.0\.0\.0\/24.*more characters; --json has them\)\n {2}- zone old: app=old; test$/);
});
