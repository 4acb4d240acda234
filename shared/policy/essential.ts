import type { ZoneMode } from '../model/policy.ts';
import { isNonEmpty } from '../net/address-match.ts';
import type { Family } from '../net/address.ts';
import { ofFamily, type RangeSet } from '../net/range-set.ts';
import type { Essential } from './host-ruleset.ts';
import { passVerdict, type Place } from './layout.ts';
import type { SetBook } from './print-sets.ts';

/**
 * ICMP that a host cannot do without: errors (RFC 792, RFC 4443; packet-too-big carries path MTU discovery), echo, neighbour discovery
 * (RFC 4861) and multicast listeners (RFC 2710, RFC 3810). The simulator has the same numbers and the kernel ring compares the two.
 */
export const ESSENTIAL_ICMP_TYPES: Record<Family, readonly number[]> = { 4: [3, 8, 11, 12], 6: [1, 2, 3, 4, 128, 130, 131, 132, 133, 134, 135, 136, 137, 143] };

/** What of it a quarantined host keeps: errors, neighbour discovery, and the listener reports without which switches do not pass that on. No echo, no redirects. */
export const QUARANTINE_ICMP_TYPES: Record<Family, readonly number[]> = { 4: [3, 11, 12], 6: [1, 2, 3, 4, 130, 131, 132, 133, 134, 135, 136, 143] };

/** Name and sentence of each locked row, for every list and diff. */
export const ESSENTIAL_TEXTS: readonly { readonly name: string; readonly text: string }[] = [
  { name: 'loopback', text: 'A host talks to itself.' },
  { name: 'management', text: 'SSH from the recorded console addresses, both directions, without connection tracking.' },
  { name: 'established', text: 'Replies, and what belongs to a connection that was allowed when it began.' },
  { name: 'icmp', text: 'ICMP errors, echo (ping), IPv6 neighbour discovery, IGMP and MLD.' },
  { name: 'dhcp', text: 'The host’s own DHCP and DHCPv6 leases.' },
  { name: 'resolvers', text: 'DNS to the resolvers that the host uses, and NTP to the time servers that it is given by address (not by name).' },
];

/** All that is essential of what is redirected: the host itself neither leases addresses nor is managed through that. */
export const essentialIcmpRules = (place: Place): readonly string[] => [
  `meta nfproto ipv4 icmp type { ${ESSENTIAL_ICMP_TYPES[4].join(', ')} } ${passVerdict(place)}`,
  `meta nfproto ipv6 icmpv6 type { ${ESSENTIAL_ICMP_TYPES[6].join(', ')} } ${passVerdict(place)}`,
];

/** Rules of `base_in` and `base_out`; empty in observe, where nothing is judged. */
export function baseRules(direction: 'in' | 'out', mode: ZoneMode, essential: Essential, sets: SetBook): string[] {
  if (mode === 'observe') return [];
  const pass = passVerdict(direction);
  const icmp = [...essentialIcmpRules(direction), `ip protocol igmp ${pass}`];
  // Most new connections are TCP, and hardly anything essential is: they are spared the walk.
  const notTcp = ['meta l4proto tcp return', ...icmp];
  if (direction === 'in') {
    return [...notTcp, `meta nfproto ipv4 udp sport 67 udp dport 68 ${pass}`, `ip6 saddr fe80::/10 udp sport 547 udp dport 546 ${pass}`];
  }
  return [
    ...toServers(essential.resolvers, ['tcp dport 53'], sets),
    ...notTcp,
    'meta nfproto ipv4 udp sport 68 udp dport 67 accept',
    'ip6 daddr fe80::/10 udp sport 546 udp dport 547 accept',
    'ip6 daddr ff02::1:2 udp sport 546 udp dport 547 accept',
    ...toServers(essential.resolvers, ['udp dport 53'], sets),
    ...toServers(essential.timeServers, ['udp dport 123'], sets),
  ];
}

/**
 * SSH from the consoles, first and stateless in both directions: without the second a ruleset that is loaded cold would judge the packets
 * of the very session that loads it as new connections.
 */
export function managementRules(direction: 'in' | 'out', essential: Essential, sets: SetBook): string[] {
  const end = direction === 'in' ? 'saddr' : 'daddr';
  const port = direction === 'in' ? 'dport' : 'sport';
  return eachFamily(essential.consoles, sets, (ip, addresses) => [`${ip} ${end} ${addresses} tcp ${port} ${essential.sshPort} accept`]);
}

const toServers = (servers: RangeSet, services: readonly string[], sets: SetBook): string[] =>
  eachFamily(servers, sets, (ip, addresses) => services.map((service) => `${ip} daddr ${addresses} ${service} accept`));

function eachFamily(all: RangeSet, sets: SetBook, print: (ip: 'ip' | 'ip6', addresses: string) => string[]): string[] {
  return ([4, 6] as const).flatMap((family) => {
    const ranges = ofFamily(all, family);
    return isNonEmpty(ranges) ? print(family === 4 ? 'ip' : 'ip6', sets.addresses(family, ranges)) : [];
  });
}
