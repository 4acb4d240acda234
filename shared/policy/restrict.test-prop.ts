import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Identity, UnitName } from '../model/identity.ts';
import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Peer } from '../model/peer.ts';
import type { Policy, Rule } from '../model/policy.ts';
import type { SelectorSet } from '../model/selector.ts';
import { parseCidr } from '../net/parse-cidr.ts';
import { parseSchedule } from '../text/schedule-text.ts';
import { parseSelectorSet } from '../text/selector-text.ts';
import { compileFleet } from './compile.ts';
import type { Sender } from './simulate-identity.ts';
import { createSimulator, type Packet } from './simulate.ts';
import { arbitraryPacket, edgesOf } from './testing/arbitrary-packet.ts';
import { arbitraryPolicy } from './testing/arbitrary-policy.ts';
import { aRule, expectParsed } from './testing/builders.ts';
import { evaluateRuleset } from './testing/evaluate-ruleset.ts';
import { createRandom, type Random } from './testing/random.ts';

const TODAY = { nowMs: Date.UTC(2026, 0, 15) };
const PACKETS = 80;
const SENDERS = [{ user: 'root', group: 'root', unit: 'a.service', listener: 'a.service' }, { user: 'nobody', group: 'daemon', unit: 'b.service', listener: 'gone.service' }, { isForwarded: true }] satisfies [Sender, ...Sender[]];

type Restriction = (policy: Policy, random: Random) => Policy;
const selectors = (text: string): SelectorSet => expectParsed(parseSelectorSet(text));
const EXCLUSIONS = ['app=a', 'role=r0', 'env!=p', 'app=b,role=r1'] as const;
const [NETWORK_V4, NETWORK_V6] = [expectParsed(parseCidr('10.0.0.0/28')), expectParsed(parseCidr('fd00::/64'))];
const IDENTITIES: readonly [Identity, ...Identity[]] = [{ kind: 'user', name: 'root' }, { kind: 'group', name: 'daemon' }, { kind: 'unit', name: 'a.service' }];

/** One allow rule, made narrower; a policy without one stays as it is. */
const inAllow = (narrow: (rule: Rule, random: Random) => Rule): Restriction => (policy, random) => {
  const allows = policy.rules.filter(({ action }) => action === 'allow');
  const chosen = allows[random.integer(Math.max(1, allows.length))];
  return { ...policy, rules: policy.rules.map((rule) => (rule === chosen ? narrow(rule, random) : rule)) };
};

const excludeFrom = (peer: Peer, random: Random): Peer =>
  peer.kind === 'selector' ? { ...peer, select: { ...peer.select, exclude: [...peer.select.exclude, ...selectors(random.pick(EXCLUSIONS)).include] } } : peer;

const usesList = ({ from, to }: Rule, name: string): boolean => [from, to].some((end) => end.kind === 'iplist' && end.ipList === name);

const RESTRICTIONS: Readonly<Record<string, Restriction>> = {
  'an exclusion of who asks': inAllow((rule, random) => ({ ...rule, from: excludeFrom(rule.from, random) })),
  'an exclusion of who answers': inAllow((rule, random) => ({ ...rule, to: excludeFrom(rule.to, random) })),
  // What a list leaves out is refused no longer by a deny rule for it: that is no restriction.
  'an exception in an IP list of allow rules': (policy, random) => {
    const [list] = policy.ipLists.filter(({ name }) => !policy.rules.some((rule) => rule.action === 'deny' && usesList(rule, name)));
    if (!list) return policy;
    const added = random.pick([NETWORK_V4, NETWORK_V6, ...list.cidrs.slice(0, 1)]);
    return { ...policy, ipLists: policy.ipLists.map((one) => (one === list ? { ...one, except: [...one.except, added] } : one)) };
  },
  'only one user, group or unit': inAllow((rule, random) => ({ ...rule, as: rule.as ?? random.pick(IDENTITIES) })),
  'only what one unit answers': inAllow((rule) => ({ ...rule, servedBy: rule.servedBy ?? UnitName.parse('a.service') })),
  'only at some hours': inAllow((rule) => ({ ...rule, schedule: rule.schedule ?? expectParsed(parseSchedule('Mon-Fri 08:00-18:00 Europe/Berlin')) })),
  'only for some days more': inAllow((rule) => ({ ...rule, expiresOn: rule.expiresOn ?? '2026-06-30' })),
  'one service less': inAllow((rule) => ({ ...rule, services: rule.services.length > 1 ? rule.services.slice(1) : rule.services })),
  'one allow rule less': (policy, random) => ({ ...policy, rules: policy.rules.filter((rule) => rule.action === 'deny' || random.chance(0.5)) }),
  'a deny rule more': (policy, random) => ({
    ...policy,
    rules: [...policy.rules, aRule({ n: 999, action: 'deny', from: random.pick(['app=a', 'any', 'iplist:list0', '10.0.0.0/28']), to: random.pick(['role=r1', 'any', 'fd00::/64']), services: random.pick(['any', 'dns', 'tcp/80-443']) })],
  }),
  'outbound restricted': (policy) => ({ ...policy, zones: policy.zones.map((zone) => ({ ...zone, outbound: 'restricted' as const })) }),
  'every service refused by default, and not only some': (policy) => ({ ...policy, zones: policy.zones.map((zone) => ({ ...zone, onlyServices: null })) }),
};

/** A packet that one random policy refuses, and lets through once it is `restrict`ed; undefined when there is none among those tried. */
function findAdmitted(restrict: Restriction, seed: number): unknown {
  const random = createRandom(seed);
  const { policy, hosts } = arbitraryPolicy(seed, { mode: 'enforce' });
  const narrower = restrict(policy, random);
  const [was, is] = [toAdmits(policy, hosts), toAdmits(narrower, hosts)];
  const edges = edgesOf(narrower, hosts);
  for (const host of hosts.filter(({ managed, addresses }) => managed && addresses.length > 0)) {
    for (let i = 0; i < PACKETS; i += 1) {
      const direction = random.pick(['in', 'out'] as const);
      const local = host.addresses[random.integer(host.addresses.length)] ?? '';
      const packet = { ...arbitraryPacket(random, edges, { direction, local }), ...random.pick<Sender>(SENDERS), atMs: TODAY.nowMs + random.integer(365 * 24) * 3_600_000 };
      const [before, after] = [was(host.id, direction, packet), is(host.id, direction, packet)];
      if ((after.simulator && !before.simulator) || (after.compiled && !before.compiled)) return { seed, host: host.name, direction, packet, before, after };
    }
  }
  return undefined;
}

/** What a policy lets in or out, by the simulator and by what is compiled. */
function toAdmits(policy: Policy, hosts: readonly FleetHost[]) {
  const simulator = createSimulator(policy, hosts, TODAY);
  const rulesets = compileFleet(policy, hosts, TODAY);
  return (host: HostId, direction: 'in' | 'out', packet: Packet & { readonly atMs: number }) => {
    const ruleset = rulesets.get(host);
    const { verdict } = direction === 'in' ? simulator.decideInbound(host, packet) : simulator.decideOutbound(host, packet);
    return { simulator: verdict === 'allowed', compiled: ruleset !== undefined && evaluateRuleset(ruleset, direction, packet).passes };
  };
}

const seeds = fc.integer({ min: 1, max: 1_000_000_000 });

it.each(Object.entries(RESTRICTIONS))('%s never admits a packet that was refused before, in what is compiled and in the simulator', (_name, restrict) => {
  fc.assert(
    fc.property(seeds, (seed) => {
      expect(findAdmitted(restrict, seed)).toBeUndefined();
    }),
    { numRuns: 20 },
  );
});

it('a deny rule less does admit more, and is found', () => {
  const withoutDenies: Restriction = (policy) => ({ ...policy, rules: policy.rules.filter(({ action }) => action === 'allow') });
  expect(Array.from({ length: 20 }, (_, i) => findAdmitted(withoutDenies, i + 1)).filter((found) => found !== undefined).length).toBeGreaterThan(5);
});
