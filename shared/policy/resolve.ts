import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Cidr, Peer } from '../model/peer.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { type AddressMatch, ANY, matchInFamily, matchRanges, matchSet, NONE } from '../net/address-match.ts';
import type { Family } from '../net/address.ts';
import { cidrRange } from '../net/parse-cidr.ts';
import { equalRanges, intersectRanges, ofFamily, type RangeSet, subtractRanges, toRangeSet } from '../net/range-set.ts';
import { printPeer } from '../text/peer-text.ts';
import { createFleetIndex, type Ends, type FleetIndex } from './fleet-index.ts';
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
  /** The hosts that can be an end of a rule themselves, as `localMatch` says host by host; null is every host, in both families. */
  readonly ends: Ends | null;
};

export type Resolver = {
  readonly fleet: FleetIndex;
  readonly zones: ReadonlyMap<HostId, ZoneOfHost>;
  readonly addressesOf: (host: FleetHost) => RangeSet;
  readonly resolvePeer: (peer: Peer) => ResolvedPeer;
  /** What was resolved so far, by the peer's text. */
  readonly known: ReadonlyMap<string, ResolvedPeer>;
};

/**
 * Resolves peers against one policy and the whole fleet (unmanaged hosts too); each distinct peer once. `former` are the peers of an earlier resolver:
 * where a peer still has the same addresses its `match` is the same object, so that whoever kept something made from it sees that nothing changed.
 */
export function createResolver(policy: Policy, hosts: readonly FleetHost[], fleet = createFleetIndex(hosts), former?: ReadonlyMap<string, ResolvedPeer>): Resolver {
  const zones = zoneOfHosts(policy, hosts, fleet.select);
  const inZone = Map.groupBy(hosts.keys(), (i) => zoneNameOf(zones, hosts[i]));
  const resolve = (peer: Peer): ResolvedPeer => {
    switch (peer.kind) {
      case 'any':
        return { match: ANY, byFamily: { 4: ANY, 6: ANY }, covers: { kind: 'everyone' }, ends: null };
      case 'selector':
        return ofHosts(fleet, fleet.select(peer.select));
      case 'zone':
        return ofHosts(fleet, inZone.get(peer.zone) ?? []);
      case 'host':
        return ofHosts(fleet, fleet.named(peer.host));
      case 'cidr':
        return ofRanges(fleet, toRangeSet(peer.cidrs.map(cidrRange)));
      case 'iplist':
        return ofRanges(fleet, readIpList(policy, peer.ipList));
    }
  };
  const known = new Map<string, ResolvedPeer>();
  const resolvePeer = (peer: Peer): ResolvedPeer => {
    const key = printPeer(peer);
    const before = known.get(key);
    if (before) return before;
    const resolved = keepMatch(resolve(peer), former?.get(key));
    known.set(key, resolved);
    return resolved;
  };
  return { fleet, zones, addressesOf: (host) => fleet.addressesOf(host.id), resolvePeer, known };
}

/** The instant from which the rule no longer holds: the end of `expiresOn`, UTC; null where it never ends. */
export const endOfRuleMs = (rule: Pick<Rule, 'expiresOn'>): number | null => (rule.expiresOn === null ? null : Date.parse(`${rule.expiresOn}T00:00:00Z`) + 86_400_000);

/** Whether its last day is over at `nowMs`. */
export function isExpired(rule: Pick<Rule, 'expiresOn'>, nowMs: number): boolean {
  const endMs = endOfRuleMs(rule);
  return endMs !== null && nowMs >= endMs;
}

/** Whether the rule counts at `nowMs`: neither disabled nor expired. */
export const isLive = (rule: Pick<Rule, 'expiresOn' | 'disabled'>, nowMs: number): boolean => rule.disabled !== true && !isExpired(rule, nowMs);

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

function ofHosts(fleet: FleetIndex, members: readonly number[]): ResolvedPeer {
  let ids: ReadonlySet<HostId> | undefined;
  const covers = {
    kind: 'hosts' as const,
    // Only some who ask about a peer ask which hosts by id, and thousands of large sets take their time.
    get ids(): ReadonlySet<HostId> {
      ids ??= new Set(members.flatMap((i) => fleet.hosts[i]?.id ?? []));
      return ids;
    },
  };
  return withFamilies(fleet.addressesOfAll(members), covers, { hosts: members, families: members.map(fleet.familiesOf) });
}

const ofRanges = (fleet: FleetIndex, ranges: RangeSet): ResolvedPeer => withFamilies(ranges, { kind: 'addresses', ranges }, fleet.endsIn(ranges));

const zoneNameOf = (zones: ReadonlyMap<HostId, ZoneOfHost>, host: FleetHost | undefined): string | undefined => (host ? zones.get(host.id)?.zone?.name : undefined);

function withFamilies(ranges: RangeSet, covers: ResolvedPeer['covers'], ends: Ends): ResolvedPeer {
  const match = matchSet(ranges);
  return { match, byFamily: { 4: matchInFamily(match, 4), 6: matchInFamily(match, 6) }, covers, ends };
}

function keepMatch(peer: ResolvedPeer, former: ResolvedPeer | undefined): ResolvedPeer {
  const isSame = former && peer.covers.kind === former.covers.kind && equalRanges(rangesOf(peer.match), rangesOf(former.match));
  return isSame ? { match: former.match, byFamily: former.byFamily, covers: peer.covers, ends: peer.ends } : peer;
}

const rangesOf = (match: AddressMatch): RangeSet => (match.kind === 'in' ? match.ranges : []);

/** The addresses of a list of the policy, its exceptions taken out; possibly empty. Needs no fleet. A name that is no list's throws: references are checked before. */
export function readIpList(policy: Pick<Policy, 'ipLists'>, name: string): RangeSet {
  const list = policy.ipLists.find((candidate) => candidate.name === name);
  if (!list) throw new Error(`unknown IP list ${name}`);
  const toRanges = (cidrs: readonly Cidr[]) => toRangeSet(cidrs.map(cidrRange));
  return subtractRanges(toRanges(list.cidrs), toRanges(list.except));
}
