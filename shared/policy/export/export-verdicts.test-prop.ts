import { describe, expect, test } from 'vitest';
import type { FleetHost } from '../../model/host.ts';
import type { Policy } from '../../model/policy.ts';
import { getAddress, printAddress } from '../../net/address.ts';
import { createSimulator, type Packet } from '../simulate.ts';
import { arbitraryPacket, edgesOf } from '../testing/arbitrary-packet.ts';
import { arbitraryPolicy } from '../testing/arbitrary-policy.ts';
import { createRandom } from '../testing/random.ts';
import { EXPORT_TARGETS } from './export-targets.ts';
import { EXPORT_READERS } from './testing/read-exports.ts';
import { withoutRefused } from './testing/without-refused.ts';

const NOW_MS = Date.UTC(2026, 0, 15);
const STAMP = { atMs: NOW_MS, policyText: 'a random one', policyHash: '0' };
const POLICIES = 40;
const PACKETS_A_HOST = 40;

type Target = keyof typeof EXPORT_READERS;

/** What the policy says without the rules that the target refuses; a property of what is left, since a refusal is never half a rule. */
function exportSayable(target: Target, policy: Policy, hosts: readonly FleetHost[]) {
  const { abilities } = EXPORT_TARGETS[target];
  const zones = policy.zones.map((zone) => (abilities.onlyServices ? zone : { ...zone, onlyServices: null }));
  // Most rules have something that cannot be said; without it they are asked about, too.
  const rules = policy.rules.map((rule) => ({ ...rule, as: null, servedBy: null, schedule: null, expiresOn: null, action: abilities.deny ? rule.action : ('allow' as const) }));
  return withoutRefused({ ...policy, zones, rules, containments: [] }, hosts, { chosen: new Set(hosts.map(({ id }) => id)), nowMs: NOW_MS, abilities });
}

/** Types of ICMP and port 0 where the target has no word for them; source ports that only locked rows ask for, where the target needs none. */
function isAsked(target: Target, { protocol, port, source, destination }: Packet): boolean {
  const isIcmp = protocol === 'icmp' || protocol === 'icmpv6';
  if (isIcmp && (target === 'azure' || target === 'kubernetes')) return false;
  return !(target === 'kubernetes' && port === 0) && source !== destination && !/^(127\.|::1$|fe80:|ff02:)/.test(`${source} ${destination}`);
}

describe.each(Object.keys(EXPORT_READERS) as Target[])('%s', (target) => {
  test(`says of packets what the simulator says, in ${POLICIES} random policies`, () => {
    const count = { asked: 0, refused: 0, byRule: 0 };
    for (let seed = 1; seed <= POLICIES; seed += 1) {
      const random = createRandom(seed);
      const { policy, hosts } = arbitraryPolicy(seed, { mode: 'enforce' });
      const { sayable, made } = exportSayable(target, policy, hosts);
      const files = EXPORT_TARGETS[target].print({ ...made, stamp: STAMP });
      const simulator = createSimulator(sayable, hosts, { nowMs: NOW_MS });
      const edges = edgesOf(sayable, hosts);
      const written = new Set(made.groups.flatMap((group) => group.hosts.map(({ name }) => name)));
      for (const host of hosts.filter(({ name }) => written.has(name))) {
        const own = host.addresses.map((text) => printAddress(getAddress(text)));
        const passes = EXPORT_READERS[target](files, host);
        for (let i = 0; i < PACKETS_A_HOST; i += 1) {
          const way = random.pick(['in', 'out'] as const);
          const local = host.addresses[random.integer(host.addresses.length)] ?? '10.0.0.1';
          const drawn = arbitraryPacket(random, edges, { direction: way, local });
          const packet = { ...drawn, sourcePort: target === 'pf' ? drawn.sourcePort : 40_000 };
          if (!isAsked(target, packet) || own.includes(way === 'in' ? packet.source : packet.destination)) continue;
          const decision = way === 'in' ? simulator.decideInbound(host.id, packet) : simulator.decideOutbound(host.id, packet);
          count.asked += 1;
          if (decision.verdict === 'blocked') count.refused += 1;
          if (decision.reason === 'rule') count.byRule += 1;
          expect([seed, host.name, way, packet, passes(way, packet)]).toEqual([seed, host.name, way, packet, decision.verdict !== 'blocked']);
        }
      }
    }
    expect([count.asked > 300, count.refused > count.asked / 20, count.asked - count.refused > count.asked / 20, count.byRule > count.asked / 50]).toEqual([true, true, true, true]);
  });
});
