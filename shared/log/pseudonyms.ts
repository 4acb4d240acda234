/** What the names of one kind are replaced by: `host-1`, `host-2` … in the order given. */
export type NamesOfKind = { readonly kind: string; readonly names: readonly string[] };

/** Shorter ones tell nothing, and are parts of too many words. */
const MIN_NAME_CHARS = 3;

/** IPv6 first, with an IPv4 address at its end where there is one; a port may follow an IPv4 address, and a word with a colon go before it. */
const ADDRESS =
  /(?<![\w.:])(?=[\da-f:]*::|(?:[\da-f]{1,4}:){6,7})[\da-f:]{2,39}(?:(?:\d{1,3}\.){3}\d{1,3})?(?![\w:]|\.\d)|(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)/gi;
const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/**
 * A function that puts `kind-N` in the place of each name, wherever it stands as a word of its own, and `address-N` in that of each IP address; the same
 * for the same one throughout. A name that is of two kinds has the first. Loopback addresses stay: they are everybody's. Pure but for what it counts.
 */
export function createPseudonyms(kinds: readonly NamesOfKind[]): (text: string) => string {
  const puts = new Map<string, string>();
  for (const { kind, names } of kinds) {
    const fresh = [...new Set(names)].filter((name) => name.length >= MIN_NAME_CHARS && !puts.has(name));
    for (const [index, name] of fresh.entries()) puts.set(name, `${kind}-${index + 1}`);
  }
  const words = [...puts.keys()].toSorted((a, b) => b.length - a.length).map(escapeRegExp);
  const pattern = words.length === 0 ? null : new RegExp(`(?<![A-Za-z0-9])(?:${words.join('|')})(?![A-Za-z0-9])`, 'g');
  const addresses = new Map<string, string>();
  const addressFor = (address: string): string => {
    if (/^127\.|^::1?$/.test(address)) return address;
    const known = addresses.get(address) ?? `address-${addresses.size + 1}`;
    addresses.set(address, known);
    return known;
  };
  return (text) => {
    const named = pattern === null ? text : text.replace(pattern, (name) => puts.get(name) ?? name);
    return named.replace(ADDRESS, addressFor);
  };
}
