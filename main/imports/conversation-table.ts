/** Finds conversations by three whole numbers from 0 to 2^31 - 1: consumer, provider, service. `find` gives the place at which it was added (0, 1, 2 …), or -1. */
export type ConversationTable = { find(consumer: number, provider: number, service: number): number; add(consumer: number, provider: number, service: number): number };

const FIRST_SLOTS = 4096;

/**
 * A hash table of numbers with open addressing: it is asked once a row, and a Map with a text or a large number for each conversation took a third of the time of an import.
 * 16 bytes a slot, at least two slots a conversation.
 */
export function createConversationTable(): ConversationTable {
  let keys = new Int32Array(FIRST_SLOTS * 3);
  let places = new Int32Array(FIRST_SLOTS).fill(-1);
  let size = 0;

  /** The slot that has these numbers, or the free one where they belong. */
  const slotOf = (consumer: number, provider: number, service: number): number => {
    const mask = places.length - 1;
    let slot = mix(consumer, provider, service) & mask;
    while (places[slot] !== -1 && !(keys[slot * 3] === consumer && keys[slot * 3 + 1] === provider && keys[slot * 3 + 2] === service)) slot = (slot + 1) & mask;
    return slot;
  };
  const put = (consumer: number, provider: number, service: number, place: number) => {
    const slot = slotOf(consumer, provider, service);
    keys.set([consumer, provider, service], slot * 3);
    places[slot] = place;
  };
  const grow = () => {
    const [oldKeys, oldPlaces] = [keys, places];
    keys = new Int32Array(oldKeys.length * 2);
    places = new Int32Array(oldPlaces.length * 2).fill(-1);
    for (const [slot, place] of oldPlaces.entries()) if (place !== -1) put(oldKeys[slot * 3] ?? 0, oldKeys[slot * 3 + 1] ?? 0, oldKeys[slot * 3 + 2] ?? 0, place);
  };
  return {
    find: (consumer, provider, service) => places[slotOf(consumer, provider, service)] ?? -1,
    add: (consumer, provider, service) => {
      if (size * 2 >= places.length) grow();
      put(consumer, provider, service, size);
      size += 1;
      return size - 1;
    },
  };
}

/** Spreads all bits of the three numbers over the lower ones (the finaliser of MurmurHash3). */
function mix(consumer: number, provider: number, service: number): number {
  let hash = Math.imul(consumer, 0x9e3779b1) ^ Math.imul(provider, 0x85ebca6b) ^ Math.imul(service, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
