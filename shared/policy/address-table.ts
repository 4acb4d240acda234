import type { Ip } from './simulate-match.ts';

/**
 * Finds an address's place in a list of distinct ones; -1 for any other. IPv4 lies in flat arrays, because a Map of many thousand texts costs several
 * misses of the processor's cache for each of millions of flows.
 */
export function createAddressTable(list: readonly Ip[]): (ip: Ip) => number {
  const v6 = new Map<Ip, number>();
  const size = 2 ** Math.ceil(Math.log2(list.length * 2 + 2));
  const keys = new Uint32Array(size);
  const places = new Int32Array(size).fill(-1);
  const slotOf = (ip: number): number => {
    let slot = hash(ip) & (size - 1);
    while (places[slot] !== -1 && keys[slot] !== ip) slot = (slot + 1) & (size - 1);
    return slot;
  };
  list.forEach((ip, place) => {
    if (typeof ip !== 'number') {
      v6.set(ip, place);
      return;
    }
    const slot = slotOf(ip);
    keys[slot] = ip;
    places[slot] = place;
  });
  return (ip) => (typeof ip === 'number' ? (places[slotOf(ip)] ?? -1) : (v6.get(ip) ?? -1));
}

function hash(ip: number): number {
  const h = Math.imul(ip ^ (ip >>> 16), 0x85ebca6b);
  return h ^ (h >>> 13);
}
