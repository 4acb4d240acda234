import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy } from '../model/policy.ts';
import { compileFleet } from './compile.ts';
import { createFleetCompiler } from './fleet-compiler.ts';
import type { HostRuleset } from './host-ruleset.ts';
import { printBundle } from './print.ts';
import { arbitraryPolicy } from './testing/arbitrary-policy.ts';
import { aHost, aPolicy, aRule, aZone, hostId } from './testing/builders.ts';
import { createRandom } from './testing/random.ts';

type Draft = { readonly policy: Policy; readonly hosts: readonly FleetHost[]; readonly nowMs: number };
const TODAY_MS = Date.UTC(2026, 0, 15);
const DAY_MS = 86_400_000;

/** Each takes what it puts in from another random site, whose zones, lists and services have the same names. */
const EDITS = {
  nothing: (draft: Draft): Draft => structuredClone(draft),
  'another rule in its place': ({ policy, ...rest }, other, at) => ({ ...rest, policy: { ...policy, rules: policy.rules.map((rule, i) => ({ ...(i === at % policy.rules.length ? (other.policy.rules[0] ?? rule) : rule), id: rule.id })) } }),
  'a rule less': ({ policy, ...rest }, _, at) => ({ ...rest, policy: { ...policy, rules: policy.rules.filter((_rule, i) => i !== at % policy.rules.length) } }),
  'another order': ({ policy, ...rest }) => ({ ...rest, policy: { ...policy, rules: policy.rules.toReversed() } }),
  'other rules': ({ policy, ...rest }, other) => ({ ...rest, policy: { ...policy, rules: other.policy.rules } }),
  'other zones': ({ policy, ...rest }, other) => ({ ...rest, policy: { ...policy, zones: other.policy.zones } }),
  'other lists': ({ policy, ...rest }, other) => ({ ...rest, policy: { ...policy, ipLists: other.policy.ipLists } }),
  'other services': ({ policy, ...rest }, other) => ({ ...rest, policy: { ...policy, services: other.policy.services } }),
  'other hosts': (draft, other) => ({ ...draft, hosts: other.hosts }),
  'a host less': (draft, _, at) => ({ ...draft, hosts: draft.hosts.filter((_host, i) => i !== at % draft.hosts.length) }),
  'other labels': (draft, other, at) => ({ ...draft, hosts: draft.hosts.map((host, i) => (i === at % draft.hosts.length ? { ...host, labels: other.hosts[0]?.labels ?? host.labels } : host)) }),
  'other addresses': (draft, other, at) => ({ ...draft, hosts: draft.hosts.map((host, i) => (i === at % draft.hosts.length ? { ...host, addresses: other.hosts[0]?.addresses ?? host.addresses } : host)) }),
  'another year': (draft) => ({ ...draft, nowMs: draft.nowMs + 400 * DAY_MS }),
} satisfies Record<string, (draft: Draft, other: { policy: Policy; hosts: readonly FleetHost[] }, at: number) => Draft>;

const NAMES = Object.keys(EDITS).filter((name): name is keyof typeof EDITS => Object.hasOwn(EDITS, name));
const edits = fc.array(fc.record({ name: fc.constantFrom(...NAMES), seed: fc.integer({ min: 1, max: 500 }) }), { minLength: 1, maxLength: 7 });

const hashesOf = (rulesets: ReadonlyMap<HostId, HostRuleset>) => [...rulesets.values()].map((ruleset) => printBundle(ruleset, { policyVersion: 1 }).hash);

it('after any edits a fleet compiler gives what a fresh one gives, and so the same texts', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), edits, (seed, steps) => {
      const compiler = createFleetCompiler();
      let draft: Draft = { ...arbitraryPolicy(seed), nowMs: TODAY_MS };
      compiler.compile(draft.policy, draft.hosts, draft);
      for (const step of steps) {
        draft = EDITS[step.name](draft, arbitraryPolicy(step.seed), createRandom(step.seed).integer(1000));
        const incremental = compiler.compile(draft.policy, draft.hosts, draft);
        const fresh = compileFleet(structuredClone(draft.policy), structuredClone(draft.hosts), draft);
        expect([...incremental]).toEqual([...fresh]);
        if (step === steps.at(-1)) expect(hashesOf(incremental)).toEqual(hashesOf(fresh));
      }
    }),
    { numRuns: 25 },
  );
});

const HOSTS = [aHost({ n: 1, labels: 'role=web' }), aHost({ n: 2, labels: 'role=db' }), aHost({ n: 3, labels: 'role=mail' })];
const zones = [aZone({ select: 'role=web|db|mail', outbound: 'restricted' })];
const rules = [aRule({ n: 1 }), aRule({ n: 2, from: 'any', to: 'role=mail', services: 'tcp/25' })];
const policy = aPolicy({ zones, rules });
const compileBoth = (edited: Policy, hosts: readonly FleetHost[] = HOSTS) => {
  const compiler = createFleetCompiler();
  const before = compiler.compile(policy, HOSTS, { nowMs: TODAY_MS });
  const after = compiler.compile(structuredClone(edited), structuredClone(hosts), { nowMs: TODAY_MS });
  return HOSTS.filter(({ id }) => after.get(id) !== before.get(id)).map(({ id }) => id);
};

test('hosts that an edit does not concern keep the very ruleset that they had', () => {
  expect(compileBoth(policy)).toEqual([]);
  expect(compileBoth({ ...policy, rules: [aRule({ n: 1, services: 'tcp/3306' }), ...rules.slice(1)] })).toEqual([hostId(1), hostId(2)]);
  expect(compileBoth({ ...policy, rules: rules.slice(0, 1) })).toEqual([hostId(1), hostId(2), hostId(3)]);
  expect(compileBoth({ ...policy, rules: rules.toReversed() })).toEqual([]);
});

test('a new host without a part in a rule changes no other’s ruleset, and a changed one only those that name it', () => {
  expect(compileBoth(policy, [aHost({ n: 9, labels: 'role=other' }), ...HOSTS])).toEqual([]);
  expect(compileBoth(policy, HOSTS.map((host) => (host.id === hostId(1) ? { ...host, addresses: ['10.0.7.1'] } : host)))).toEqual([hostId(2)]);
});

test('who owns a rule and why changes no ruleset', () => {
  expect(compileBoth({ ...policy, rules: [{ ...aRule({ n: 1 }), owner: 'ada', reason: 'reviewed' }, ...rules.slice(1)] })).toEqual([]);
});
