/** A set of small numbers, one bit each. Sets that are compared have the same length. */
export type Bits = Uint32Array;

export const makeBits = (size: number): Bits => new Uint32Array(Math.ceil(size / 32));

export function setBit(bits: Bits, index: number): void {
  const word = index >>> 5;
  bits[word] = (bits[word] ?? 0) | (1 << (index & 31));
}

/** The places of the members for which it holds. */
export function bitsWhere<T>(members: readonly T[], holds: (member: T) => boolean): Bits {
  const bits = makeBits(members.length);
  members.forEach((member, i) => {
    if (holds(member)) setBit(bits, i);
  });
  return bits;
}

export const hasBit = (bits: Bits, index: number): boolean => (((bits[index >>> 5] ?? 0) >>> (index & 31)) & 1) === 1;

export const andBits = (a: Bits, b: Bits): Bits => a.map((word, i) => word & (b[i] ?? 0));

export const orBits = (a: Bits, b: Bits): Bits => a.map((word, i) => word | (b[i] ?? 0));

/** `b` behind `a`. */
export function joinBits(a: Bits, b: Bits): Bits {
  const joined = new Uint32Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Whether every member of `inner` is one of `outer`. */
export function containsBits(outer: Bits, inner: Bits): boolean {
  for (let i = 0; i < inner.length; i++) if (((inner[i] ?? 0) & ~(outer[i] ?? 0)) !== 0) return false;
  return true;
}

/** Which words are not empty: from `first` until before `end`. */
export type Reach = { readonly first: number; readonly end: number };
export const reachOf = (bits: Bits): Reach => ({ first: Math.max(0, bits.findIndex((word) => word !== 0)), end: bits.findLastIndex((word) => word !== 0) + 1 });

/** `within` spares looking where one of the two has nothing. */
export function intersectsBits(a: Bits, b: Bits, within: Reach = { first: 0, end: a.length }): boolean {
  for (let i = within.first; i < within.end; i++) if (((a[i] ?? 0) & (b[i] ?? 0)) !== 0) return true;
  return false;
}

/** Whether the two share a member that is in `within`. */
export function intersectsWithin(a: Bits, b: Bits, within: Bits): boolean {
  for (let i = 0; i < a.length; i++) if (((a[i] ?? 0) & (b[i] ?? 0) & (within[i] ?? 0)) !== 0) return true;
  return false;
}
