/** Remembers small numbers as answers to questions of five whole numbers (of each 32 bits count); forgets when it likes. */
export type BoundedMemo = {
  /** -1 where it is not remembered. */
  readonly find: (a: number, b: number, c: number, d: number, e: number) => number;
  readonly keep: (a: number, b: number, c: number, d: number, e: number, answer: number) => void;
};

/** A question, its answer + 1 (0 is none yet), and two more, so that an entry lies within one line of the processor's cache. */
const INTS = 8;

/**
 * One place for each hash, and the newer answer takes the older one's: of fixed size (`2 ** bits` answers of 32 bytes), with no text and no object
 * made for a question that was asked before.
 */
export function createBoundedMemo(bits: number): BoundedMemo {
  const mask = 2 ** bits - 1;
  const table = new Int32Array((mask + 1) * INTS);
  return {
    find: (a, b, c, d, e) => {
      const at = (hash(a, b, c, d, e) & mask) * INTS;
      const isIt = table[at] === (a | 0) && table[at + 1] === (b | 0) && table[at + 2] === (c | 0) && table[at + 3] === (d | 0) && table[at + 4] === (e | 0);
      return isIt ? (table[at + 5] ?? 0) - 1 : -1;
    },
    keep: (a, b, c, d, e, answer) => {
      table.set([a, b, c, d, e, answer + 1], (hash(a, b, c, d, e) & mask) * INTS);
    },
  };
}

/** Multiplied and shifted as in MurmurHash3 (public domain), so that neighbours in every number spread. */
function hash(a: number, b: number, c: number, d: number, e: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f) ^ Math.imul(e, 0x165667b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
