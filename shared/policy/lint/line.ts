import { type Bits, makeBits, setBit } from './bits.ts';

/** Numbers from `first` to `last`, both included; never empty. */
export type Span = { readonly first: bigint; readonly last: bigint };

/** A line of numbers, cut wherever one of the sets that are compared begins or ends: each piece is wholly in a set or wholly outside of it. */
export type Line = {
  /** The pieces of the set. Only for sets that the line was cut by. */
  readonly bitsOf: (spans: readonly Span[]) => Bits;
  /** The piece that has the number; null where no set has it. */
  readonly pieceAt: (point: bigint) => number | null;
};

/**
 * Makes sets of addresses and of services comparable by bits: thousands of rules are compared pair by pair, and interval algebra on bigints
 * takes a thousand times as long. Exact, since no set begins or ends within a piece.
 */
export function cutLine(sets: Iterable<readonly Span[]>): Line {
  const all = new Set<bigint>();
  for (const spans of sets) {
    for (const { first, last } of spans) {
      all.add(first);
      all.add(last + 1n);
    }
  }
  const cuts = [...all].sort((a, b) => (a < b ? -1 : 1));
  const indexOf = new Map(cuts.map((cut, i) => [cut, i]));
  return {
    bitsOf: (spans) => {
      const bits = makeBits(cuts.length);
      for (const { first, last } of spans) {
        const from = indexOf.get(first);
        const to = indexOf.get(last + 1n);
        if (from === undefined || to === undefined) throw new Error('the line was not cut by this set');
        for (let piece = from; piece < to; piece++) setBit(bits, piece);
      }
      return bits;
    },
    pieceAt: (point) => {
      const piece = lastNotAbove(cuts, point);
      return piece < 0 || piece === cuts.length - 1 ? null : piece;
    },
  };
}

/** Binary search; -1 when all are above. */
function lastNotAbove(cuts: readonly bigint[], point: bigint): number {
  let low = -1;
  let high = cuts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((cuts[middle] ?? 0n) <= point) low = middle;
    else high = middle - 1;
  }
  return low;
}
