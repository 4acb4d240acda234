import type { Condition } from './rule-file.ts';

const BITS: Readonly<Record<string, number>> = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, ece: 64, cwr: 128, all: 63, none: 0 };
const SYN = 2;

/** The bits of flags written as `fin,syn` (nft, iptables); null for other words. */
export function readFlags(names: readonly string[]): number | null {
  let bits = 0;
  for (const name of names) {
    const bit = Object.hasOwn(BITS, name.toLowerCase()) ? BITS[name.toLowerCase()] : undefined;
    if (bit === undefined) return null;
    bits |= bit;
  }
  return bits;
}

/** A connection begins with SYN alone, so what is asked of flags holds for it or does not. `mask` null: any of `wanted` is set. */
export function makeFlags(mask: number | null, wanted: number, not: boolean): Condition[] {
  const holds = mask === null ? (wanted & SYN) !== 0 : (SYN & mask) === wanted;
  return [
    { kind: 'protocol', family: null, numbers: [6], not: false },
    { kind: 'always', holds: holds !== not },
  ];
}
