import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Cidr, Peer } from '../model/peer.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { type AddressMatch, ANY, matchInFamily, matchRanges, NONE } from '../net/address-match.ts';
import { type Family, getAddress } from '../net/address.ts';
import { cidrRange } from '../net/parse-cidr.ts';
import { intersectRanges, ofFamily, type RangeSet, singleRange, subtractRanges, toRangeSet } from '../net/range-set.ts';
import { printPeer } from '../text/peer-text.ts';
import { matchesSelectorSet } from './select.ts';
import { type ZoneOfHost, zoneOfHosts } from './zones.ts';

/** A peer as the compiler needs it: whose addresses, and which hosts of the fleet it covers as an end of their own. */
export type ResolvedPeer = {
  readonly match: AddressMatch;
  /** `match` by family, made once because every host asks. */
  readonly byFamily: Readonly<Record<Family, AddressMatch>>;
  /** Hosts that the peer names (by label, zone or name), or the addresses that it names instead. */
  readonly covers:
    | { readonly kind: 'everyone' }
    | { readonly kind: 'hosts'; readonly ids: ReadonlySet<HostId> }
    | { readonly kind: 'addresses'; readonly ranges: RangeSet };
};

export type Resolver = {
  readonly zones: ReadonlyMap<HostId, ZoneOfHost>;
  readonly addressesOf: (host: FleetHost) => RangeSet;
  readonly resolvePeer: (peer: Peer) => ResolvedPeer;
};

/** Resolves peers against one policy and the whole fleet (unmanaged hosts too); each distinct peer once. */
export function createResolver(policy: Policy, hosts: readonly FleetHost[]): Resolver {
  const zones = zoneOfHosts(policy, hosts);
  const ranges = new Map(hosts.map((host) => [host.id, toRangeSet(host.addresses.map((text) => singleRange(getAddress(text))))]));
  const addressesOf = (host: FleetHost): RangeSet => ranges.get(host.id) ?? [];
  const ofHosts = (members: readonly FleetHost[]): ResolvedPeer =>
    withFamilies(
      members.flatMap((host) => addressesOf(host)),
      { kind: 'hosts', ids: new Set(members.map((host) => host.id)) },
    );
  const resolve = (peer: Peer): ResolvedPeer => {
    switch (peer.kind) {
      case 'any':
        return { match: ANY, byFamily: { 4: ANY, 6: ANY }, covers: { kind: 'everyone' } };
      case 'selector':
        return ofHosts(hosts.filter((host) => matchesSelectorSet(peer.select, host.labels)));
      case 'zone':
        return ofHosts(hosts.filter((host) => zones.get(host.id)?.zone?.name === peer.zone));
      case 'host':
        return ofHosts(hosts.filter((host) => host.name === peer.host));
      case 'cidr':
        return ofRanges(toRangeSet(peer.cidrs.map(cidrRange)));
      case 'iplist':
        return ofRanges(ipListRanges(policy, peer.ipList));
    }
  };
  const known = new Map<string, ResolvedPeer>();
  const resolvePeer = (peer: Peer): ResolvedPeer => {
    const key = printPeer(peer);
    const before = known.get(key);
    if (before) return before;
    const resolved = resolve(peer);
    known.set(key, resolved);
    return resolved;
  };
  return { zones, addressesOf, resolvePeer };
}

/** The instant from which the rule no longer holds: the end of `expiresOn`, UTC; null where it never ends. */
export const endOfRuleMs = (rule: Pick<Rule, 'expiresOn'>): number | null => (rule.expiresOn === null ? null : Date.parse(`${rule.expiresOn}T00:00:00Z`) + 86_400_000);

/** Whether the rule has not expired at `nowMs`. */
export function isLive(rule: Pick<Rule, 'expiresOn'>, nowMs: number): boolean {
  const endMs = endOfRuleMs(rule);
  return endMs === null || nowMs < endMs;
}

/**
 * How `host` can be an end of a rule itself, in one family; `none` where it cannot. A rule that names hosts holds for whichever
 * local address, but only in families in which the host is known to have one. A rule that names addresses holds for exactly these
 * local addresses, also for one that the console has not learned yet; the host must be known to have at least one of them.
 */
export function localMatch(peer: ResolvedPeer, host: FleetHost, addresses: RangeSet, family: Family): AddressMatch {
  switch (peer.covers.kind) {
    case 'everyone':
      return ANY;
    case 'hosts':
      return peer.covers.ids.has(host.id) && addresses.some((range) => range.family === family) ? ANY : NONE;
    case 'addresses': {
      const { ranges } = peer.covers;
      // Neighbouring own addresses are one range, so the two sets must be intersected, not probed.
      return intersectRanges(ofFamily(addresses, family), ranges).length > 0 ? matchRanges(ofFamily(ranges, family)) : NONE;
    }
  }
}

const ofRanges = (ranges: RangeSet): ResolvedPeer => withFamilies(ranges, { kind: 'addresses', ranges });

function withFamilies(ranges: RangeSet, covers: ResolvedPeer['covers']): ResolvedPeer {
  const match = matchRanges(ranges);
  return { match, byFamily: { 4: matchInFamily(match, 4), 6: matchInFamily(match, 6) }, covers };
}

function ipListRanges(policy: Policy, name: string): RangeSet {
  const list = policy.ipLists.find((candidate) => candidate.name === name);
  if (!list) throw new Error(`unknown IP list ${name}`);
  const toRanges = (cidrs: readonly Cidr[]) => toRangeSet(cidrs.map(cidrRange));
  return subtractRanges(toRanges(list.cidrs), toRanges(list.except));
}
