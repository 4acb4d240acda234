import type { Address } from './address.ts';
import { type AddressRange, containsAddress, toRangeSet } from './range-set.ts';

/** `never`: no connection to another machine has it as its other end · `inside`: it means another machine at each site, and none on the internet. */
export type SpecialUse = { readonly kind: 'never' | 'inside'; readonly what: string };

/** IANA's registries of special-purpose addresses (RFC 6890 and its updates), as far as a name in public DNS has no business there. Translated forms carry an IPv4 address that nobody would see. */
const SPECIAL: readonly (readonly [kind: SpecialUse['kind'], what: string, ...networks: string[]])[] = [
  ['never', 'unspecified', '0.0.0.0/8', '::/128'],
  ['never', 'loopback', '127.0.0.0/8', '::1/128'],
  ['never', 'link-local', '169.254.0.0/16', 'fe80::/10'],
  ['never', 'multicast', '224.0.0.0/4', 'ff00::/8'],
  ['never', 'reserved', '240.0.0.0/4', '::ffff:0:0/96', '100::/64'],
  ['inside', 'private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7', 'fec0::/10'],
  ['inside', 'shared by a provider’s customers', '100.64.0.0/10'],
  ['inside', 'an IPv4 address in translated form', '64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32', '::/96'],
];

const KNOWN = SPECIAL.map(([kind, what, ...networks]) => ({ use: { kind, what }, ranges: toRangeSet(networks.map(rangeOf)) }));

/** Null for an address that can be anybody's on the internet. The first entry counts: `::1` is loopback before it is anything else. */
export function findSpecialUse(address: Address): SpecialUse | null {
  return KNOWN.find(({ ranges }) => containsAddress(ranges, address))?.use ?? null;
}

/** Not by parse-cidr.ts, which refuses IPv4-mapped networks. */
function rangeOf(network: string): AddressRange {
  const [text = '', prefix = ''] = network.split('/');
  const family = text.includes(':') ? 6 : 4;
  const bits = family === 4 ? 32 : 128;
  const first = family === 4 ? text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n) : groupsOf(text).reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
  return { family, first, last: first + (1n << BigInt(bits - Number(prefix))) - 1n };
}

function groupsOf(text: string): string[] {
  const [head = '', tail = ''] = text.split('::');
  const [before, after] = [head, tail].map((half) => half.split(':').filter((group) => group !== ''));
  return [...(before ?? []), ...Array.from({ length: 8 - (before ?? []).length - (after ?? []).length }, () => '0'), ...(after ?? [])];
}
