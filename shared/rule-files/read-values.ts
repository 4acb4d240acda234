import { ADDRESS_BITS, type Family, parseAddress } from '../net/address.ts';
import { LAST_PORT, type PortRange } from '../net/port-set.ts';
import type { AddressRange } from '../net/range-set.ts';

/** Names as nft and iptables write them (nft describe, /etc/protocols). */
const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, igmp: 2, ipencap: 4, tcp: 6, udp: 17, dccp: 33, ipv6: 41, 'ipv6-route': 43, 'ipv6-frag': 44, gre: 47, esp: 50, ah: 51, icmpv6: 58, 'ipv6-icmp': 58, 'icmp6': 58, ospf: 89, ospfigp: 89, pim: 103, comp: 108, vrrp: 112, l2tp: 115, sctp: 132, udplite: 136 };

/** What nft writes for ports without -n, and what people write (/etc/services, the part that firewalls name). */
const SERVICES: Readonly<Record<string, number>> = {
  'ftp-data': 20, ftp: 21, ssh: 22, telnet: 23, smtp: 25, domain: 53, bootps: 67, bootpc: 68, tftp: 69, http: 80, kerberos: 88, pop3: 110, sunrpc: 111, auth: 113, ntp: 123, 'netbios-ns': 137, 'netbios-dgm': 138, 'netbios-ssn': 139,
  imap: 143, imap2: 143, snmp: 161, 'snmp-trap': 162, bgp: 179, ldap: 389, https: 443, 'microsoft-ds': 445, kpasswd: 464, isakmp: 500, syslog: 514, shell: 514, 'dhcpv6-client': 546, 'dhcpv6-server': 547, submission: 587, submissions: 465, ldaps: 636, rsync: 873,
  ftps: 990, imaps: 993, pop3s: 995, openvpn: 1194, 'ms-sql-s': 1433, nfs: 2049, squid: 3128, mysql: 3306, 'ms-wbt-server': 3389, 'ipsec-nat-t': 4500, sip: 5060, mdns: 5353, postgresql: 5432, amqp: 5672, x11: 6000, 'http-alt': 8080, 'zabbix-agent': 10050, 'zabbix-trapper': 10051,
};

const ICMP_TYPES: Readonly<Record<string, number>> = { 'echo-reply': 0, 'destination-unreachable': 3, 'source-quench': 4, redirect: 5, 'echo-request': 8, 'router-advertisement': 9, 'router-solicitation': 10, 'time-exceeded': 11, 'parameter-problem': 12, 'timestamp-request': 13, 'timestamp-reply': 14, 'info-request': 15, 'info-reply': 16, 'address-mask-request': 17, 'address-mask-reply': 18 };
const ICMP6_TYPES: Readonly<Record<string, number>> = { 'destination-unreachable': 1, 'packet-too-big': 2, 'time-exceeded': 3, 'parameter-problem': 4, 'echo-request': 128, 'echo-reply': 129, 'mld-listener-query': 130, 'mld-listener-report': 131, 'mld-listener-done': 132, 'mld-listener-reduction': 132, 'nd-router-solicit': 133, 'nd-router-advert': 134, 'nd-neighbor-solicit': 135, 'nd-neighbor-advert': 136, 'nd-redirect': 137, 'router-solicitation': 133, 'router-advertisement': 134, 'neighbour-solicitation': 135, 'neighbor-solicitation': 135, 'neighbour-advertisement': 136, 'neighbor-advertisement': 136, 'router-renumbering': 138, 'mld2-listener-report': 143 };

/** Ports that connections have. */
export const PORT_PROTOCOLS: readonly number[] = [6, 17, 33, 132, 136];

const own = (table: Readonly<Record<string, number>>, name: string): number | null => (Object.hasOwn(table, name) ? (table[name] ?? null) : null);
const decimal = (text: string, last: number): number | null => (/^\d{1,5}$/.test(text) && Number(text) <= last ? Number(text) : null);

export const readProtocol = (text: string): number | null => decimal(text, 255) ?? own(PROTOCOLS, text.toLowerCase());
export const protocolName = (number: number): string => ({ 1: 'icmp', 2: 'igmp', 6: 'tcp', 17: 'udp', 33: 'dccp', 47: 'gre', 50: 'esp', 51: 'ah', 58: 'icmpv6', 112: 'vrrp', 132: 'sctp', 136: 'udplite' })[number] ?? `protocol ${number}`;

const readPort = (text: string): number | null => decimal(text, LAST_PORT) ?? own(SERVICES, text.toLowerCase());

/** `80`, `http`, `1024-2048`, iptables' `1024:2048`, `1024:` and `:1023`; null for anything else. */
export function readPorts(text: string): PortRange | null {
  const single = readPort(text);
  if (single !== null) return { from: single, to: single };
  const cut = /^([^:]*):([^:]*)$/.exec(text) ?? /^(\d+)-(\d+)$/.exec(text);
  if (cut === null || text === ':') return null;
  const from = cut[1] === '' ? 0 : readPort(cut[1] ?? '');
  const to = cut[2] === '' ? LAST_PORT : readPort(cut[2] ?? '');
  return from === null || to === null || from > to ? null : { from, to };
}

export function readIcmpType(text: string, protocol: number): PortRange | null {
  const one = decimal(text, 255) ?? own(protocol === 1 ? ICMP_TYPES : ICMP6_TYPES, text.toLowerCase());
  if (one !== null) return { from: one, to: one };
  const [first, last] = text.split('-').map((part) => decimal(part, 255));
  return typeof first === 'number' && typeof last === 'number' && first <= last ? { from: first, to: last } : null;
}

/** An address, a network (host bits are cut off, as nft and iptables do; iptables' `192.168.100/24` and `/255.255.0.0` too) or `first-last`; null for a name or anything else. */
export function readRange(text: string): AddressRange | null {
  const [head = '', prefix, ...more] = text.split('/');
  if (more.length > 0) return null;
  if (prefix === undefined && head.includes('-')) return readSpan(head);
  const address = parseAddress(prefix === undefined ? head : padded(head));
  if (!address.ok) return null;
  const { family, value } = address.value;
  const bits = prefix === undefined ? ADDRESS_BITS[family] : readPrefix(prefix, family);
  if (bits === null) return null;
  const size = 1n << BigInt(ADDRESS_BITS[family] - bits);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

function readSpan(text: string): AddressRange | null {
  const [first, last, ...more] = text.split('-').map((end) => parseAddress(end));
  if (more.length > 0 || !first?.ok || !last?.ok || first.value.family !== last.value.family || first.value.value > last.value.value) return null;
  return { family: first.value.family, first: first.value.value, last: last.value.value };
}

const padded = (head: string): string => (/^\d+(\.\d+){0,2}$/.test(head) ? `${head}${'.0'.repeat(4 - head.split('.').length)}` : head);

function readPrefix(text: string, family: Family): number | null {
  const bits = decimal(text, ADDRESS_BITS[family]);
  if (bits !== null) return bits;
  const mask = family === 4 ? parseAddress(text) : null;
  if (mask === null || !mask.ok) return null;
  const ones = mask.value.value.toString(2).padStart(32, '0');
  return /^1*0*$/.test(ones) ? ones.indexOf('0') === -1 ? 32 : ones.indexOf('0') : null;
}
