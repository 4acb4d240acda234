/** A small seeded generator (mulberry32, public domain): the same seed gives the same sequence everywhere. Not for secrets. */
export type Random = {
  /** A whole number from 0 to `below` - 1. */
  readonly integer: (below: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(list: readonly [T, ...T[]]) => T;
  /** Between `least` and `most` items, made one by one. */
  readonly many: <T>(least: number, most: number, make: (index: number) => T) => T[];
};

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number) => Math.floor(next() * below);
  return {
    integer,
    chance: (probability) => next() < probability,
    pick: (list) => list[integer(list.length)] ?? list[0],
    many: (least, most, make) => Array.from({ length: least + integer(most - least + 1) }, (_, i) => make(i)),
  };
}
