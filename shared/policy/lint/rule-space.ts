import type { FleetHost } from '../../model/host.ts';
import type { Peer } from '../../model/peer.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import type { AddressMatch } from '../../net/address-match.ts';
import { type Address, type Family, getAddress } from '../../net/address.ts';
import { type RangeSet, WHOLE_FAMILY } from '../../net/range-set.ts';
import { printPeer } from '../../text/peer-text.ts';
import { createResolver, isLive, localMatch, type ResolvedPeer, type Resolver } from '../resolve.ts';
import { toServiceMatch } from '../service-match.ts';
import { andBits, type Bits, bitsWhere, hasBit, intersectsBits, joinBits, orBits } from './bits.ts';
import { cutLine, type Line, type Span } from './line.ts';
import { ALL_SERVICES, icmpFamily, icmpSpan, OTHER_PROTOCOL_POINT, servicePoint, servicesOfFamily, toServiceSpans } from './service-line.ts';

/** One end of a rule on the present fleet. Equal peers share one. */
export type End = {
  readonly peer: Peer;
  readonly resolved: ResolvedPeer;
  /** Hosts of the fleet that can be this end themselves, in the order of the fleet. */
  readonly hosts: readonly FleetHost[];
  readonly bits: Bits;
  /** Managed hosts of the fleet that can be this end in the family, by their place in it. */
  readonly enforcers: Readonly<Record<Family, Bits>>;
};

/**
 * What a rule decides: every connection from an address of `from` to one of `to` on one of `services`, family by family. The bits hold only what is
 * in a family in which both ends have addresses and some service can occur; so one rule lies within another exactly when each of the three sets does. Behind the addresses of an end stand the hosts that enforce it there: two hosts
 * can have one address, of which a rule means one.
 */
export type RuleSpace = {
  readonly rule: Rule;
  /** Place in the policy's list. */
  readonly index: number;
  readonly ends: { readonly from: End; readonly to: End };
  readonly families: readonly Family[];
  readonly from: Bits;
  readonly to: Bits;
  readonly services: Bits;
  readonly serviceSpans: readonly Span[];
};

export type Spaces = {
  readonly rules: readonly RuleSpace[];
  readonly resolver: Resolver;
  readonly endOf: (peer: Peer) => End;
  /** What of the two lines belongs to a family. */
  readonly ofFamily: Readonly<Record<Family, { readonly addresses: Bits; readonly services: Bits }>>;
  /** The bit of an address; null where no rule has it. */
  readonly pieceOfAddress: (text: string) => number | null;
  /** Whether a set of services has what was recorded as this protocol and port; of ICMP no type is recorded, so that any will do. */
  readonly serviceTest: (protocol: string, port: number) => (services: Bits) => boolean;
};

/** Rules that have not expired and whose both ends mean somebody; the others decide nothing. */
export function readRuleSpaces(policy: Policy, hosts: readonly FleetHost[], nowMs: number): Spaces {
  const resolver = createResolver(policy, hosts);
  const live = policy.rules.map((rule, index) => ({ rule, index })).filter(({ rule }) => isLive(rule, nowMs));
  const peers = live.flatMap(({ rule }) => [rule.from, rule.to]);
  const addresses = cutLine([...peers.map((peer) => toSpans(resolver.resolvePeer(peer).match)), ...FAMILIES.map((family) => [WHOLE[family]])]);
  const spansOf = new Map(live.map(({ rule }) => [rule, toServiceSpans(toServiceMatch(rule.services, policy.services))]));
  const services = cutLine([...spansOf.values(), [ALL_SERVICES], ...FAMILIES.map(servicesOfFamily)]);
  const ofFamily = {
    4: { addresses: addresses.bitsOf([WHOLE[4]]), services: services.bitsOf(servicesOfFamily(4)) },
    6: { addresses: addresses.bitsOf([WHOLE[6]]), services: services.bitsOf(servicesOfFamily(6)) },
  };
  const endOf = rememberEnds(hosts, resolver, addresses);
  const rules = live.flatMap(({ rule, index }): RuleSpace[] => {
    const ends = { from: endOf(rule.from), to: endOf(rule.to) };
    const serviceSpans = spansOf.get(rule) ?? [];
    const bits = services.bitsOf(serviceSpans);
    const families = FAMILIES.filter((family) => [ends.from.bits, ends.to.bits].every((end) => intersectsBits(end, ofFamily[family].addresses)) && intersectsBits(bits, ofFamily[family].services));
    const [first, ...rest] = families.map((family) => ofFamily[family]);
    if (!first) return [];
    const within = rest.reduce((a, b) => ({ addresses: orBits(a.addresses, b.addresses), services: orBits(a.services, b.services) }), first);
    const toBits = (end: End) => joinBits(andBits(end.bits, within.addresses), families.map((family) => end.enforcers[family]).reduce(orBits));
    return [{ rule, index, ends, families, from: toBits(ends.from), to: toBits(ends.to), services: andBits(bits, within.services), serviceSpans }];
  });
  return { rules, resolver, endOf, ofFamily, pieceOfAddress: rememberPieces(addresses), serviceTest: createServiceTest(services) };
}

const FAMILIES = [4, 6] as const;
/** IPv6 comes after IPv4 on the line. */
const V6_AT = WHOLE_FAMILY[4].last + 1n;
const pointOf = ({ family, value }: Address): bigint => (family === 4 ? value : V6_AT + value);
const rangeSpans = (ranges: RangeSet): Span[] => ranges.map(({ family, first, last }) => ({ first: pointOf({ family, value: first }), last: pointOf({ family, value: last }) }));
const WHOLE: Record<Family, Span> = { 4: { first: 0n, last: V6_AT - 1n }, 6: { first: V6_AT, last: V6_AT + WHOLE_FAMILY[6].last } };

function toSpans(match: AddressMatch): Span[] {
  if (match.kind === 'any') return [WHOLE[4], WHOLE[6]];
  return match.kind === 'none' ? [] : rangeSpans(match.ranges);
}

function rememberEnds(hosts: readonly FleetHost[], resolver: Resolver, addresses: Line): (peer: Peer) => End {
  const known = new Map<string, End>();
  return (peer) => {
    const key = printPeer(peer);
    const before = known.get(key);
    if (before) return before;
    const resolved = resolver.resolvePeer(peer);
    const isEnd = (host: FleetHost, family: Family) => localMatch(resolved, host, resolver.addressesOf(host), family).kind !== 'none';
    const enforcersIn = (family: Family) => bitsWhere(hosts, (host) => host.managed && isEnd(host, family));
    const end = { peer, resolved, hosts: hosts.filter((host) => isEnd(host, 4) || isEnd(host, 6)), bits: addresses.bitsOf(toSpans(resolved.match)), enforcers: { 4: enforcersIn(4), 6: enforcersIn(6) } };
    known.set(key, end);
    return end;
  };
}

function rememberPieces(addresses: Line): Spaces['pieceOfAddress'] {
  const known = new Map<string, number | null>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const piece = addresses.pieceAt(pointOf(getAddress(text)));
    known.set(text, piece);
    return piece;
  };
}

function createServiceTest(services: Line): Spaces['serviceTest'] {
  return (protocol, port) => {
    const family = icmpFamily(protocol);
    if (family !== null) {
      const types = services.bitsOf([icmpSpan(family)]);
      return (set) => intersectsBits(set, types);
    }
    const piece = services.pieceAt(BigInt(servicePoint(protocol, port) ?? OTHER_PROTOCOL_POINT));
    return piece === null ? () => false : (set) => hasBit(set, piece);
  };
}
