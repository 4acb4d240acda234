import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Cidr, Peer } from '../model/peer.ts';
import type { Policy } from '../model/policy.ts';
import type { ServiceRef } from '../model/service.ts';
import { type Family, getAddress } from '../net/address.ts';
import { cidrRange } from '../net/parse-cidr.ts';
import { matchesSelectorSet } from './select.ts';
import type { Sender } from './simulate-identity.ts';
import { zoneOfHosts } from './zones.ts';

/**
 * The simulator's own reading of peers and services. It shares selectors and zones with the compiler, and nothing of its set algebra, so
 * that a defect there shows as a disagreement with the kernel.
 */

/** IPv4 as a number, IPv6 as a bigint: both are keys of Map and Set, and never equal across families. */
export type Ip = number | bigint;

export const readIp = (text: string): Ip => {
  const { family, value } = getAddress(text);
  return family === 4 ? Number(value) : value;
};
export const familyOf = (ip: Ip): Family => (typeof ip === 'number' ? 4 : 6);

/** TCP and the like have ports, ICMP has types (in `port` too), the rest has neither. */
export type SimProtocol = 'tcp' | 'udp' | 'sctp' | 'icmp' | 'icmpv6' | 'igmp' | 'other';

/** The first packet of a connection, read. `port` is the destination port or ICMP type, null when unknown or none. */
export type ReadPacket = {
  readonly source: Ip;
  readonly destination: Ip;
  readonly family: Family;
  readonly protocol: SimProtocol;
  readonly port: number | null;
  readonly sourcePort: number | null;
  readonly atMs: number;
} & Sender;

/** One peer, asked in its two roles: does it contain this address, and is this host (at this own address) an end of the rule? */
export type PeerReader = { readonly hasAddress: (ip: Ip) => boolean; readonly isEnd: (host: FleetHost) => ((local: Ip) => boolean) | null };

export type Fleet = { readonly hosts: readonly FleetHost[]; readonly ipsOf: ReadonlyMap<HostId, readonly Ip[]> };

export function readFleet(hosts: readonly FleetHost[]): Fleet {
  return { hosts, ipsOf: new Map(hosts.map((host) => [host.id, host.addresses.map(readIp)])) };
}

/** Readers of peers, each distinct kind made when first asked for. */
export function createPeerReaders(policy: Policy, fleet: Fleet): (peer: Peer) => PeerReader {
  const zones = zoneOfHosts(policy, fleet.hosts);
  const known = new Map<Peer, PeerReader>();
  const make = (peer: Peer): PeerReader => {
    switch (peer.kind) {
      case 'any':
        return { hasAddress: () => true, isEnd: () => () => true };
      case 'selector':
        return readHosts(fleet, (host) => matchesSelectorSet(peer.select, host.labels));
      case 'zone':
        return readHosts(fleet, (host) => zones.get(host.id)?.zone?.name === peer.zone);
      case 'host':
        return readHosts(fleet, (host) => host.name === peer.host);
      case 'cidr':
        return readNetworks(fleet, peer.cidrs, []);
      case 'iplist': {
        const list = policy.ipLists.find((candidate) => candidate.name === peer.ipList);
        return readNetworks(fleet, list?.cidrs ?? [], list?.except ?? []);
      }
    }
  };
  return (peer) => {
    const before = known.get(peer);
    if (before) return before;
    const reader = make(peer);
    known.set(peer, reader);
    return reader;
  };
}

/** Labels, zones and names mean hosts: any address of theirs, but only in a family in which the host has one. */
function readHosts(fleet: Fleet, isMember: (host: FleetHost) => boolean): PeerReader {
  const members = fleet.hosts.filter(isMember);
  const ids = new Set(members.map((host) => host.id));
  const ips = new Set(members.flatMap((host) => fleet.ipsOf.get(host.id) ?? []));
  return {
    hasAddress: (ip) => ips.has(ip),
    isEnd: (host) => {
      if (!ids.has(host.id)) return null;
      const families = new Set((fleet.ipsOf.get(host.id) ?? []).map(familyOf));
      return (local) => families.has(familyOf(local));
    },
  };
}

/** Networks mean addresses: a host is an end at exactly those, once one of its known addresses of the family is among them. */
function readNetworks(fleet: Fleet, cidrs: readonly Cidr[], except: readonly Cidr[]): PeerReader {
  const isIn = prefixTable(cidrs);
  const isOut = prefixTable(except);
  const hasAddress = (ip: Ip) => isIn(ip) && !isOut(ip);
  return {
    hasAddress,
    isEnd: (host) => {
      const families = new Set((fleet.ipsOf.get(host.id) ?? []).filter(hasAddress).map(familyOf));
      return families.size === 0 ? null : (local) => families.has(familyOf(local)) && hasAddress(local);
    },
  };
}

/** One set of network numbers a prefix length: at most 33 and 129 look-ups, however long the list. */
function prefixTable(cidrs: readonly Cidr[]): (ip: Ip) => boolean {
  const tables: { family: Family; shift: number; networks: Set<Ip> }[] = [];
  for (const cidr of cidrs) {
    const { family, first, last } = cidrRange(cidr);
    const shift = (last - first + 1n).toString(2).length - 1;
    let table = tables.find((candidate) => candidate.family === family && candidate.shift === shift);
    if (!table) {
      table = { family, shift, networks: new Set() };
      tables.push(table);
    }
    table.networks.add(networkNumber(family === 4 ? Number(first) : first, shift));
  }
  return (ip) => tables.some((table) => table.family === familyOf(ip) && table.networks.has(networkNumber(ip, table.shift)));
}

const networkNumber = (ip: Ip, shift: number): Ip => (typeof ip === 'number' ? Math.floor(ip / 2 ** shift) : ip >> BigInt(shift));

/** Whether a packet uses one of the services. An unknown ICMP type is covered only by all types. */
export function createServiceReader(refs: readonly ServiceRef[], policy: Pick<Policy, 'services'>): (packet: ReadPacket) => boolean {
  if (refs.some((ref) => ref.kind === 'any')) return () => true;
  const entries = refs.flatMap((ref) => {
    if (ref.kind === 'any') return [];
    return ref.kind === 'inline' ? [ref.entry] : (policy.services.find((service) => service.name === ref.name)?.entries ?? []);
  });
  return (packet) =>
    entries.some((entry) => {
      if (entry.kind === 'ports') return packet.protocol === entry.protocol && packet.port !== null && entry.from <= packet.port && packet.port <= entry.to;
      if (packet.protocol !== (entry.family === 4 ? 'icmp' : 'icmpv6') || packet.family !== entry.family) return false;
      return entry.types === 'all' || (packet.port !== null && entry.types.includes(packet.port));
    });
}
