import type { FleetHost } from '../../model/host.ts';
import type { Peer } from '../../model/peer.ts';
import type { Policy } from '../../model/policy.ts';
import { printAddress } from '../../net/address.ts';
import type { RangeSet } from '../../net/range-set.ts';
import { printPeer } from '../../text/peer-text.ts';
import type { ResolverOf } from './share-resolvers.ts';

/** Addresses that stand for one set of people who are no hosts; `name` says which. */
export type Stranger = { readonly name: string; readonly addresses: readonly string[] };

/** Nobody's, one a family (RFC 5737, RFC 3849). They stand for every address that no list and no network of a rule names. */
const EVERYBODY_ELSE: Stranger = { name: 'any other address', addresses: ['192.0.2.1', '2001:db8::1'] };
/** Networks and lists of rules that are looked at; more are not told apart on any screen. */
const MAX_STRANGERS = 200;

/** Everybody else first, then each network and IP list of a rule that has an address which no host has. */
export function listStrangers(policies: readonly Policy[], hosts: readonly FleetHost[], resolverOf: ResolverOf): Stranger[] {
  const ours = new Set(hosts.flatMap((host) => host.addresses));
  const found = new Map<string, Stranger>();
  for (const policy of policies) {
    const { resolvePeer } = resolverOf(policy);
    for (const peer of policy.rules.flatMap((rule) => [rule.from, rule.to]).filter(namesAddresses)) {
      const name = printPeer(peer);
      if (found.has(name) || found.size >= MAX_STRANGERS) continue;
      const { match } = resolvePeer(peer);
      const address = match.kind === 'in' ? findForeign(match.ranges, ours) : undefined;
      if (address !== undefined) found.set(name, { name, addresses: [address] });
    }
  }
  return [EVERYBODY_ELSE, ...found.values()];
}

const namesAddresses = (peer: Peer): boolean => peer.kind === 'iplist' || peer.kind === 'cidr';

const findForeign = (ranges: RangeSet, ours: ReadonlySet<string>): string | undefined =>
  ranges.flatMap(({ family, first, last }) => [first, last].map((value) => printAddress({ family, value }))).find((address) => !ours.has(address));
