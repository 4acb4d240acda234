import ipaddr from 'ipaddr.js';
import { failed, type Parsed, parsed } from '../text/parsed.ts';

export type Family = 4 | 6;

/** One address as a number: 32 bits in family 4, 128 bits in family 6, network byte order. */
export type Address = { readonly family: Family; readonly value: bigint };

export const ADDRESS_BITS: Record<Family, number> = { 4: 32, 6: 128 };
export const LAST_ADDRESS: Record<Family, bigint> = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n };

const EXAMPLE = 'write an address like 10.0.0.5 or fd00::5';
const LOOKS_NUMERIC = /^(0x[0-9a-f]+|[0-9]+)(\.(0x[0-9a-f]+|[0-9]*))*$/i;

/**
 * Reads one address. Only the four-part decimal form of IPv4 is taken: inet_aton's octal, hexadecimal and short forms mean
 * different addresses to different tools. IPv4-mapped IPv6 (`::ffff:10.0.0.1`) is refused, because the kernel sees such traffic as IPv4.
 */
export function parseAddress(text: string): Parsed<Address> {
  const typed = text.trim();
  if (typed === '') return failed(`nothing was written; ${EXAMPLE}`);
  if (typed.includes('/')) return failed(`“${typed}” is a network, not one address; write ${typed.split('/')[0]} for the address alone`);
  if (typed.includes('%')) return failed(`“${typed}” has a zone index; write ${typed.split('%')[0]} (an interface name means nothing on another host)`);
  if (typed.includes(':')) return parseV6(typed);
  return LOOKS_NUMERIC.test(typed) ? parseV4(typed) : failed(`“${typed}” is not an IP address; ${EXAMPLE}`);
}

/** RFC 5952 text for IPv6, four decimal parts for IPv4. `parseAddress` reads it back. */
export function printAddress(address: Address): string {
  const { family, value } = address;
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const parts = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn));
  return new ipaddr.IPv6(parts).toRFC5952String();
}

function parseV4(typed: string): Parsed<Address> {
  const parts = typed.split('.');
  if (/0x/i.test(typed)) return failed(`“${typed}” is hexadecimal; write four decimal numbers, like 10.0.0.5`);
  if (parts.length !== 4 || parts.includes(''))
    return failed(`“${typed}” has ${parts.filter((p) => p !== '').length} of 4 parts; write all four, like 10.0.0.5`);
  const zero = parts.find((p) => p.length > 1 && p.startsWith('0'));
  if (zero !== undefined) {
    return failed(`“${typed}” has a leading zero, which some tools read as octal; did you mean ${parts.map((p) => String(Number(p))).join('.')}?`);
  }
  const big = parts.find((p) => Number(p) > 255);
  if (big !== undefined) return failed(`“${typed}”: ${big} is too large; each of the four parts runs from 0 to 255`);
  return parsed({ family: 4, value: parts.reduce((sum, p) => sum * 256n + BigInt(p), 0n) });
}

function parseV6(typed: string): Parsed<Address> {
  if (!ipaddr.IPv6.isValid(typed)) return failed(`“${typed}” is not an IPv6 address; write it like fd00::5 (hexadecimal groups, :: at most once)`);
  const address = ipaddr.IPv6.parse(typed);
  if (address.isIPv4MappedAddress()) return failed(`“${typed}” is an IPv4 address in IPv6 form; write ${address.toIPv4Address().toString()}`);
  return parsed({ family: 6, value: address.parts.reduce((sum, part) => (sum << 16n) | BigInt(part), 0n) });
}

/** The text that an address has everywhere in Firebreak; null for what is none. */
export function canonicalText(text: string): string | null {
  const address = parseAddress(text);
  return address.ok ? printAddress(address.value) : null;
}

/**
 * For addresses that must be canonical already (host addresses, stored policy).
 * Throws a plain Error: whoever stored such a value did not parse it, which is a defect and not a person's input.
 */
export function getAddress(text: string): Address {
  const known = remembered.get(text);
  if (known) return known;
  const result = parseAddress(text);
  if (!result.ok) throw new Error(`stored address is not valid: ${result.issues[0]?.message ?? text}`);
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(text, Object.freeze(result.value));
  return result.value;
}

/** A fleet's addresses are read again with every plan, and reading an IPv6 address takes far longer than finding it. */
const REMEMBERED = 65_536;
const remembered = new Map<string, Address>();
