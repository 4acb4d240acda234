import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Cidr, Peer } from '../model/peer.ts';
import type { Policy } from '../model/policy.ts';
import type { ServiceRef } from '../model/service.ts';
import { type Family, getAddress } from '../net/address.ts';
import { cidrRange } from '../net/parse-cidr.ts';
import { printPeer } from '../text/peer-text.ts';
import { createHostSelector, type HostSelector } from './select-hosts.ts';
import type { Sender } from './simulate-identity.ts';
import type { ZoneOfHost } from './zones.ts';

/**
 * The simulator's own reading of peers and services. It shares selectors and zones with the compiler, and nothing of its set algebra, so
 * that a defect there shows as a disagreement with the kernel.
 */

/** IPv4 as a number, IPv6 as a bigint: both are keys of Map and Set, and never equal across families. */
export type Ip = number | bigint;

export const readIp = (text: string): Ip => readDotted(text) ?? readGroups(text) ?? readAny(text);

function readAny(text: string): Ip {
  const { family, value } = getAddress(text);
  return family === 4 ? Number(value) : value;
}

/** IPv4 as most of millions of flows have it, read digit by digit; null for whatever is not just so, which `getAddress` then reads or refuses. */
export function readDotted(text: string): number | null {
  let [ip, part, digits, dots] = [0, 0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 48 && code <= 57) {
      // A leading zero is octal to some tools.
      if (digits > 0 && part === 0) return null;
      part = part * 10 + code - 48;
      digits++;
      if (part > 255) return null;
    } else if (code === 46 && digits > 0) {
      ip = ip * 256 + part;
      [part, digits] = [0, 0];
      dots++;
    } else return null;
  }
  return dots === 3 && digits > 0 ? ip * 256 + part : null;
}

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
export type PeerReader = {
  readonly hasAddress: (ip: Ip) => boolean;
  readonly isEnd: (host: FleetHost) => ((local: Ip) => boolean) | null;
  /** Hosts for which `isEnd` is not null; null is every host. */
  readonly listEnds: () => readonly HostId[] | null;
};

/** IPv6 in its canonical form (RFC 5952: lower case, no leading zeros, one `::` at most), as it is stored; null for whatever is not just so. IPv4-mapped addresses are left to `getAddress`, which refuses them. */
function readGroups(text: string): bigint | null {
  const [head = '', tail, ...more] = text.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - before.length - after.length;
  if (more.length > 0 || (tail === undefined ? missing !== 0 : missing < 1)) return null;
  const groups = [...before, ...Array<string>(missing).fill('0'), ...after];
  if (!groups.every((group) => GROUP.test(group))) return null;
  const value = BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`);
  return value >> 32n === IPV4_MAPPED ? null : value;
}

const IPV4_MAPPED = 0xffffn;
const GROUP = /^[0-9a-f]{1,4}$/;

export type Fleet = { readonly hosts: readonly FleetHost[]; readonly select: HostSelector; readonly ipsOf: ReadonlyMap<HostId, readonly Ip[]> };

export function readFleet(hosts: readonly FleetHost[]): Fleet {
  return { hosts, select: createHostSelector(hosts), ipsOf: new Map(hosts.map((host) => [host.id, host.addresses.map(readIp)])) };
}

/** Readers of peers, each distinct one made when first asked for. `zones` are those of the fleet's hosts. */
export function createPeerReaders(policy: Policy, fleet: Fleet, zones: ReadonlyMap<HostId, ZoneOfHost>): (peer: Peer) => PeerReader {
  const byZone = Map.groupBy(fleet.hosts, (host) => zones.get(host.id)?.zone?.name);
  const byName = Map.groupBy(fleet.hosts, (host): string => host.name);
  const known = new Map<string, PeerReader>();
  const make = (peer: Peer): PeerReader => {
    switch (peer.kind) {
      case 'any':
        return { hasAddress: () => true, isEnd: () => () => true, listEnds: () => null };
      case 'selector':
        return readHosts(fleet, fleet.select(peer.select).flatMap((i) => fleet.hosts[i] ?? []));
      case 'zone':
        return readHosts(fleet, byZone.get(peer.zone) ?? []);
      case 'host':
        return readHosts(fleet, byName.get(peer.host) ?? []);
      case 'cidr':
        return readNetworks(fleet, peer.cidrs, []);
      case 'iplist': {
        const list = policy.ipLists.find((candidate) => candidate.name === peer.ipList);
        return readNetworks(fleet, list?.cidrs ?? [], list?.except ?? []);
      }
    }
  };
  return (peer) => {
    const key = printPeer(peer);
    const before = known.get(key);
    if (before) return before;
    const reader = make(peer);
    known.set(key, reader);
    return reader;
  };
}

/** Labels, zones and names mean hosts: any address of theirs, but only in a family in which the host has one. */
function readHosts(fleet: Fleet, members: readonly FleetHost[]): PeerReader {
  const ids = remember(() => new Set(members.map((host) => host.id)));
  const ips = remember(() => new Set(members.flatMap((host) => fleet.ipsOf.get(host.id) ?? [])));
  return {
    hasAddress: (ip) => ips().has(ip),
    isEnd: (host) => {
      if (!ids().has(host.id)) return null;
      const families = new Set((fleet.ipsOf.get(host.id) ?? []).map(familyOf));
      return (local) => families.has(familyOf(local));
    },
    listEnds: () => members.map((host) => host.id),
  };
}

/** Networks mean addresses: a host is an end at exactly those, once one of its known addresses of the family is among them. */
function readNetworks(fleet: Fleet, cidrs: readonly Cidr[], except: readonly Cidr[]): PeerReader {
  const isIn = prefixTable(cidrs);
  const isOut = prefixTable(except);
  const hasAddress = (ip: Ip) => isIn(ip) && !isOut(ip);
  const ends = remember(() => fleet.hosts.filter((host) => fleet.ipsOf.get(host.id)?.some(hasAddress)).map((host) => host.id));
  return {
    hasAddress,
    isEnd: (host) => {
      const families = new Set((fleet.ipsOf.get(host.id) ?? []).filter(hasAddress).map(familyOf));
      return families.size === 0 ? null : (local) => families.has(familyOf(local)) && hasAddress(local);
    },
    listEnds: ends,
  };
}

/** Made when first asked for: of many thousand peers, most are only ever asked in one role. */
function remember<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
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

const REMEMBERED_ADDRESSES = 65_536;

/** Reading an address costs more than deciding about it, and the same ones come again and again. */
export function rememberIps(): (text: string) => Ip {
  const known = new Map<string, Ip>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const ip = readIp(text);
    if (known.size >= REMEMBERED_ADDRESSES) known.clear();
    known.set(text, ip);
    return ip;
  };
}
