import { afterAll, beforeAll, expect, test } from 'vitest';
import { printBundle } from '../../shared/policy/print.ts';
import { compareOnHost } from './compare-on-host.ts';
import { KernelOracle } from './oracle.ts';
import { readRefused } from './refused-set.ts';

/** The figure is 300 policies of 3,000 probes (`npm run test:oracle`); `npm test` runs this shorter cut. A seed repeats a run. */
const POLICIES = Number(process.env['FIREBREAK_ORACLE_POLICIES'] ?? 60);
const PROBES = Number(process.env['FIREBREAK_ORACLE_PROBES'] ?? 1200);
const SEED = Number(process.env['FIREBREAK_ORACLE_SEED'] ?? Date.now() % 1_000_000_000);

let oracle: KernelOracle;
beforeAll(async () => {
  oracle = await KernelOracle.start('sim');
});
afterAll(async () => {
  await oracle?.stop();
});

test(`simulator and kernel agree on ${POLICIES} random policies × ${PROBES} probes, seed ${SEED}`, async () => {
  const { disagreements, ...count } = await compareOnHost(
    oracle,
    {
      sayable: (policy) => policy,
      load: (on, { ruleset }) => on.load(printBundle(ruleset, { policyVersion: 1 }).text),
      refused: (on) => readRefused(on.listTable()),
    },
    { seed: SEED, policies: POLICIES, probes: PROBES },
  );
  console.log(`seed ${SEED}: ${count.probes} probes, ${count.allowed} let through, ${count.refused} refused, ${count.keys} refused keys compared with the kernel's sets, ${disagreements.length} disagreements`);
  expect(disagreements.slice(0, 5)).toEqual([]);
  expect(count.allowed).toBeGreaterThan(count.probes / 20);
  expect(count.refused).toBeGreaterThan(count.probes / 20);
});
