/** Numbers that are the same for the same seed (mulberry32, public domain): for the sample, for what a proof tries, and for test data. Not for secrets. */
export type Random = { below(n: number): number; chance(probability: number): boolean };

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { below: (n) => Math.floor(next() * n), chance: (probability) => next() < probability };
}
