import { parseAddress, printAddress } from '../../shared/net/address.ts';

const DOTTED = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
const MAPPED = /^::ffff:(?=\d+\.)/i;
/** A copy of its own: a part of a string keeps the whole of it in memory, which is a chunk of the file. */
const ownCopy = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

/** Canonical text, and a number that stands for it; -1 once there are more than may be numbered. */
export type ReadAddress = { readonly text: string; readonly number: number };

/**
 * Reads an address, or gives null. A zone index is cut off, and IPv4 in IPv6 form becomes IPv4, which is what the kernel sees. Remembers up to `max`
 * ways of writing one: a log has few addresses and many rows.
 */
export function createAddressReader(max: number): (text: string) => ReadAddress | null {
  const [known, numbered] = [new Map<string, ReadAddress>(), new Map<string, ReadAddress>()];
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const read = readAddress(text);
    if (read === null) return null;
    const same = known.get(read) ?? numbered.get(read);
    if (same === undefined && known.size + numbered.size >= max) return { text: read, number: -1 };
    const address = same ?? { text: read, number: known.size + numbered.size };
    // Written otherwise it is found by both texts.
    if (known.size + numbered.size < max) known.set(read === text ? read : ownCopy(text), address);
    if (read !== text && same === undefined) numbered.set(read, address);
    return address;
  };
}

function readAddress(text: string): string | null {
  if (text.length > 64) return null;
  if (DOTTED.test(text)) return ownCopy(text);
  const parsed = parseAddress(text.replace(/%.*$/, '').replace(MAPPED, ''));
  return parsed.ok ? printAddress(parsed.value) : null;
}

/** 0 to 65535, or NaN. */
export function readPort(text: string): number {
  if (text.length === 0 || text.length > 5) return Number.NaN;
  let port = 0;
  for (let i = 0; i < text.length; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    port = port * 10 + digit;
  }
  return port <= 65_535 ? port : Number.NaN;
}

/** Epoch seconds with a fraction as epoch ms, or NaN. */
export function readEpochSeconds(text: string): number {
  const first = text.charCodeAt(text.charCodeAt(0) === 45 /* - */ ? 1 : 0) - 48;
  return first >= 0 && first <= 9 ? Math.round(Number(text) * 1000) : Number.NaN;
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)\s*(Z|[+-]\d\d:?\d\d)?$/;

/** A date and time as epoch ms, or NaN; without a zone it is taken as UTC. */
export function readIsoTime(text: string): number {
  const match = ISO.exec(text);
  if (match === null) return Number.NaN;
  const zone = (match[3] ?? 'Z').replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  return Date.parse(`${match[1] ?? ''}T${(match[2] ?? '').replace(/(\.\d{3})\d+$/, '$1')}${zone}`);
}

/** IANA protocol numbers, and names that logs have for them, as agents name them. */
const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['0', 'hopopt'],
  ['1', 'icmp'],
  ['2', 'igmp'],
  ['4', 'ipip'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['33', 'dccp'],
  ['41', 'ipv6'],
  ['47', 'gre'],
  ['50', 'esp'],
  ['51', 'ah'],
  ['58', 'icmpv6'],
  ['89', 'ospf'],
  ['103', 'pim'],
  ['112', 'vrrp'],
  ['132', 'sctp'],
  ['136', 'udplite'],
  ['icmp6', 'icmpv6'],
  ['ipv6-icmp', 'icmpv6'],
  ['t', 'tcp'],
  ['u', 'udp'],
  ['ip', 'hopopt'],
]);
const PROTOCOL_NAME = /^[a-z0-9][a-z0-9.+-]{0,31}$/;

/** Lower-case name, or the number where there is none; null for what is neither. */
export function readProtocol(text: string): string | null {
  // With white space of any length it would be remembered as another way of writing it.
  if (text.length > 64) return null;
  const name = text.trim().toLowerCase();
  if (/^\d+$/.test(name) && Number(name) > 255) return null;
  return PROTOCOLS.get(name) ?? (PROTOCOL_NAME.test(name) ? ownCopy(name) : null);
}

/** A protocol and a number that stands for it, below 16,384; -1 once a log has more than there are. */
export type ReadProtocol = { readonly name: string; readonly number: number };
const MAX_PROTOCOLS = 1024;
export const ICMPV6: ReadProtocol = { name: 'icmpv6', number: 0 };

/** Remembers the few protocols that a log has. */
export function createProtocolReader(): (text: string) => ReadProtocol | null {
  const known = new Map<string, ReadProtocol>([[ICMPV6.name, ICMPV6]]);
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const name = readProtocol(text);
    if (name === null) return null;
    const protocol = known.get(name) ?? { name, number: known.size < MAX_PROTOCOLS ? known.size : -1 };
    if (known.size < MAX_PROTOCOLS) known.set(name, protocol).set(ownCopy(text), protocol);
    return protocol;
  };
}

const WITH_PORTS = new Set(['tcp', 'udp', 'sctp', 'dccp', 'udplite']);
export const hasPorts = (protocol: string): boolean => WITH_PORTS.has(protocol);
