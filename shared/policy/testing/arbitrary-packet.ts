import type { FleetHost } from '../../model/host.ts';
import type { Policy } from '../../model/policy.ts';
import { type Address, LAST_ADDRESS, getAddress, printAddress } from '../../net/address.ts';
import { cidrRange } from '../../net/parse-cidr.ts';
import type { Packet } from '../simulate.ts';
import type { Random } from './random.ts';

/** Addresses and ports at which the policy's answer may change: hosts, first and last of every network, and their neighbours. */
export type Edges = { readonly addresses: readonly [Address, ...Address[]]; readonly ports: readonly [number, ...number[]] };

export function edgesOf(policy: Policy, hosts: readonly FleetHost[]): Edges {
  const peers = policy.rules.flatMap((rule) => [rule.from, rule.to]).flatMap((peer) => (peer.kind === 'cidr' ? peer.cidrs : []));
  const networks = [...peers, ...policy.ipLists.flatMap((list) => [...list.cidrs, ...list.except])].map(cidrRange);
  const ends = networks.flatMap(({ family, first, last }) =>
    [first - 1n, first, last, last + 1n].filter((value) => value >= 0n && value <= LAST_ADDRESS[family]).map((value) => ({ family, value })),
  );
  const known = hosts.flatMap((host) => [...host.addresses, ...host.management.consoleAddresses, ...host.resolvers, ...host.timeServers].map(getAddress));
  const entries = [
    ...policy.rules.flatMap((rule) => rule.services).flatMap((ref) => (ref.kind === 'inline' ? [ref.entry] : [])),
    ...policy.services.flatMap((service) => service.entries),
  ];
  const ports = entries.flatMap((entry) =>
    entry.kind === 'ports' ? [entry.from - 1, entry.from, entry.to, entry.to + 1].filter((port) => port >= 0 && port <= 65_535) : [],
  );
  return { addresses: [getAddress('10.0.0.1'), getAddress('fd00::1'), ...known, ...ends], ports: [22, 53, 68, 123, ...ports] };
}

/** A packet whose parts are at or near edges. `local` fixes one end to a host's address. */
export function arbitraryPacket(random: Random, edges: Edges, end?: { readonly direction: 'in' | 'out'; readonly local: string }): Packet {
  const local = end ? getAddress(end.local) : random.pick(edges.addresses);
  const sameFamily = edges.addresses.filter((address) => address.family === local.family);
  const peer = sameFamily[random.integer(sameFamily.length)] ?? local;
  const [source, destination] = end?.direction === 'in' ? [peer, local] : [local, peer];
  const protocol = random.pick(['tcp', 'tcp', 'udp', 'udp', 'sctp', local.family === 4 ? 'icmp' : 'icmpv6'] as const);
  const isIcmp = protocol === 'icmp' || protocol === 'icmpv6';
  const port = isIcmp ? random.pick(local.family === 4 ? ([3, 8, 13, 17] as const) : ([1, 128, 139, 200] as const)) : random.pick(edges.ports);
  const sourcePort = isIcmp ? null : random.pick([40_000, 40_000, 22, 67, 68, 546, 547, 2222] as const);
  return { source: printAddress(source), destination: printAddress(destination), protocol, port, sourcePort };
}
