import { expect, it } from 'vitest';
import { getAddress } from '../net/address.ts';
import { singleRange, toRangeSet } from '../net/range-set.ts';
import { createFleetIndex } from './fleet-index.ts';
import { createResolver, localMatch } from './resolve.ts';
import { arbitraryPolicy } from './testing/arbitrary-policy.ts';
import { createRandom } from './testing/random.ts';

const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);

it('the addresses of some hosts are those that the hosts have, made a set', () => {
  for (const seed of SEEDS) {
    const { hosts } = arbitraryPolicy(seed);
    const random = createRandom(seed);
    const members = hosts.flatMap((_, i) => (random.chance(0.6) ? [i] : []));
    const texts = members.flatMap((i) => hosts[i]?.addresses ?? []);
    expect(createFleetIndex(hosts).addressesOfAll(members)).toEqual(toRangeSet(texts.map((text) => singleRange(getAddress(text)))));
  }
});

it('the ends of every peer are the hosts that take part when they are asked one by one, in the same families', () => {
  for (const seed of SEEDS) {
    const { policy, hosts } = arbitraryPolicy(seed);
    const resolver = createResolver(policy, hosts);
    for (const peer of policy.rules.flatMap((rule) => [rule.from, rule.to])) {
      const resolved = resolver.resolvePeer(peer);
      const familiesOf = (i: number) => (resolved.ends === null ? 3 : (resolved.ends.families[resolved.ends.hosts.indexOf(i)] ?? 0));
      const asked = hosts.map((host) => ([4, 6] as const).reduce((sum, family) => sum + (localMatch(resolved, host, resolver.addressesOf(host), family).kind === 'none' ? 0 : family === 4 ? 1 : 2), 0));
      expect(hosts.map((_, i) => familiesOf(i))).toEqual(asked);
    }
  }
});
