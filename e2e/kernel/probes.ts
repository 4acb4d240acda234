import type { FleetHost } from '../../shared/model/host.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { getAddress, LAST_ADDRESS, printAddress } from '../../shared/net/address.ts';
import { cidrRange } from '../../shared/net/parse-cidr.ts';
import type { Packet } from '../../shared/policy/simulate.ts';

/** A seeded source of numbers in [0, 1): mulberry32, enough for picking probes. */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Addresses that can be probed are those that the namespaces own: 10.0.0.0/8 and fd00::/16. */
const PROBE_RANGES = { 4: [getAddress('10.0.0.0').value, getAddress('10.255.255.255').value], 6: [getAddress('fd00::').value, getAddress('fd00:ffff:ffff:ffff:ffff:ffff:ffff:ffff').value] } as const;

type Vocabulary = { addresses: Record<4 | 6, string[]>; ports: number[] };

/** Everything that a policy and a fleet name, with its neighbours: first and last address of each network and one beyond, each port and one beyond. */
export function vocabularyOf(policy: Policy, hosts: readonly FleetHost[]): Vocabulary {
  const addresses: Record<4 | 6, Set<bigint>> = { 4: new Set(), 6: new Set() };
  const add = (family: 4 | 6, value: bigint) => {
    for (const near of [value - 1n, value, value + 1n]) {
      const [least, most] = PROBE_RANGES[family];
      if (near >= least && near <= most && near <= LAST_ADDRESS[family]) addresses[family].add(near);
    }
  };
  for (const text of hosts.flatMap((host) => [...host.addresses, ...host.management.consoleAddresses, ...host.resolvers, ...host.timeServers])) {
    const { family, value } = getAddress(text);
    add(family, value);
  }
  const peers = policy.rules.flatMap((rule) => [rule.from, rule.to]);
  const cidrs = [...peers.flatMap((peer) => (peer.kind === 'cidr' ? peer.cidrs : [])), ...policy.ipLists.flatMap((list) => [...list.cidrs, ...list.except])];
  for (const { family, first, last } of cidrs.map(cidrRange)) {
    add(family, first);
    add(family, last);
    add(family, first + (last - first) / 2n);
  }
  const print = (family: 4 | 6) => [...addresses[family]].map((value) => printAddress({ family, value }));
  return { addresses: { 4: print(4), 6: print(6) }, ports: portsOf(policy) };
}

function portsOf(policy: Policy): number[] {
  const entries = [
    ...policy.services.flatMap((service) => service.entries),
    ...policy.rules.flatMap((rule) => rule.services.flatMap((ref) => (ref.kind === 'inline' ? [ref.entry] : []))),
  ];
  const edges = entries.flatMap((entry) => (entry.kind === 'ports' ? [entry.from, entry.to] : []));
  const ports = [22, 53, 67, 68, 123, 546, 547, ...edges].flatMap((port) => [port - 1, port, port + 1]);
  return [...new Set(ports)].filter((port) => port >= 1 && port <= 65_535);
}

/** ICMP types that conntrack counts as new (requests); others it calls invalid, which is not a matter of policy. */
const ICMP_REQUESTS = { 4: [8, 13, 17], 6: [128] } as const;

/**
 * `count` probes of one family between `host` and others, `direction` as the host sees it. Empty when the host has no address of the family.
 * The other end is never an address of the host itself: that would stay on loopback.
 */
export function pickProbes(random: Random, vocabulary: Vocabulary, host: FleetHost, family: 4 | 6, direction: 'in' | 'out', count: number): Packet[] {
  const own = host.addresses.filter((text) => getAddress(text).family === family);
  const others = vocabulary.addresses[family].filter((text) => !own.includes(text));
  if (own.length === 0 || others.length === 0) return [];
  const pick = <T>(list: readonly T[]): T => {
    const picked = list[Math.floor(random() * list.length)];
    if (picked === undefined) throw new Error('picked from an empty list');
    return picked;
  };
  const port = () => (random() < 0.9 ? pick(vocabulary.ports) : 1 + Math.floor(random() * 65_535));
  return Array.from({ length: count }, (): Packet => {
    const [local, remote] = [pick(own), pick(others)];
    const ends = direction === 'in' ? { source: remote, destination: local } : { source: local, destination: remote };
    const kind = random();
    if (kind < 0.06) return { ...ends, protocol: family === 4 ? 'icmp' : 'icmpv6', port: pick(ICMP_REQUESTS[family]), sourcePort: null };
    return { ...ends, protocol: kind < 0.62 ? 'tcp' : 'udp', port: port(), sourcePort: random() < 0.9 ? 1024 + Math.floor(random() * 60_000) : pick(vocabulary.ports) };
  });
}
