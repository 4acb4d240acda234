import { Cidr } from '../model/peer.ts';
import { failed, type Parsed, parsed } from '../text/parsed.ts';
import { ADDRESS_BITS, parseAddress, printAddress } from './address.ts';
import { printCidrs, printRange } from './print-range.ts';
import type { AddressRange } from './range-set.ts';

/**
 * Reads a network like `10.0.0.0/8` or one address like `10.0.0.5`, and gives its canonical text: no host bits, IPv6 as RFC 5952,
 * a single address without `/32` or `/128`. Host bits are refused and not cut off: `10.0.0.5/8` was meant to be either of two things.
 */
export function parseCidr(text: string): Parsed<Cidr> {
  const range = parseCidrRange(text);
  return range.ok ? parsed(Cidr.parse(printRange(range.value))) : range;
}

/** The addresses of a canonical CIDR. Throws a plain Error on text that `parseCidr` did not make. */
export function cidrRange(cidr: Cidr): AddressRange {
  const range = parseCidrRange(cidr);
  if (!range.ok) throw new Error(`stored CIDR is not valid: ${range.issues[0]?.message ?? cidr}`);
  return range.value;
}

function parseCidrRange(text: string): Parsed<AddressRange> {
  const typed = text.trim();
  const [addressText = '', prefixText, ...more] = typed.split('/');
  if (more.length > 0) return failed(`“${typed}” has more than one “/”; write a network like 10.0.0.0/8`);
  if (prefixText === undefined && addressText.includes('-')) return failed(aboutRange(addressText));
  const address = parseAddress(addressText);
  if (!address.ok) return address;
  const { family, value } = address.value;
  const bits = ADDRESS_BITS[family];
  if (prefixText === undefined) return parsed({ family, first: value, last: value });
  if (!/^\d{1,3}$/.test(prefixText) || (prefixText.length > 1 && prefixText.startsWith('0')) || Number(prefixText) > bits) {
    return failed(`“${typed}”: the prefix length after “/” runs from 0 to ${bits}; write for instance ${addressText}/${bits === 32 ? 24 : 64}`);
  }
  const size = 1n << BigInt(bits - Number(prefixText));
  const first = value - (value % size);
  if (first !== value) return failed(`${typed} has host bits set; did you mean ${printAddress({ family, value: first })}/${prefixText}?`);
  return parsed({ family, first, last: first + size - 1n });
}

function aboutRange(typed: string): string {
  const [first, last] = typed.split('-').map((end) => parseAddress(end));
  if (!first?.ok || !last?.ok || first.value.family !== last.value.family || first.value.value > last.value.value) {
    return `“${typed}” is not a network; write one like 10.0.0.0/8`;
  }
  const cidrs = printCidrs({ family: first.value.family, first: first.value.value, last: last.value.value });
  return `“${typed}” is a range; write it as networks: ${cidrs.slice(0, 8).join(', ')}${cidrs.length > 8 ? ' …' : ''}`;
}
