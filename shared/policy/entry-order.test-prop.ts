import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Policy } from '../model/policy.ts';
import { ruleId } from './testing/builders.ts';
import { compileFleet } from './compile.ts';
import { exportPolicyYaml, importPolicyYaml } from './policy-yaml.ts';
import { printBundle } from './print.ts';
import { arbitraryPolicy } from './testing/arbitrary-policy.ts';
import { createRandom, type Random } from './testing/random.ts';

const TODAY = { nowMs: Date.UTC(2026, 0, 15) };

/** Whatever the file has as a list, but zones: their order is what decides who belongs to which. Label values in a selector and addresses of a peer are lists too. */
function shuffle<T>(value: T, random: Random): T;
function shuffle(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return value.map((item) => ({ item: shuffle(item, random), at: random.integer(1_000_000) })).sort((a, b) => a.at - b.at).map(({ item }) => item);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shuffle(inner, random)]));
}

function reorder(policy: Policy, random: Random): Policy {
  return { ...shuffle(policy, random), zones: policy.zones.map((zone) => shuffle(zone, random)) };
}

it('the order of a policy file’s entries changes nothing of what a host gets', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (seed) => {
      const { policy, hosts } = arbitraryPolicy(seed);
      const print = (one: Policy) => new Map([...compileFleet(one, hosts, TODAY)].map(([id, ruleset]) => [id, printBundle(ruleset, { policyVersion: 1 }).text]));
      const file = importPolicyYaml(exportPolicyYaml(reorder(policy, createRandom(seed))), () => ruleId(0));
      if (!file.ok) throw new Error(file.issues.map(({ message }) => message).join('\n'));
      expect(print(file.value)).toEqual(print(policy));
    }),
    { numRuns: 50 },
  );
});
