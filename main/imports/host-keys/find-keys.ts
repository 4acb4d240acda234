import { createHmac } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { matchesList } from '../ssh-config/match-pattern.ts';
import type { KeyEntry } from './parse-key-list.ts';

/** Every hashed name has to be tried for every name that is looked for: some seconds, in turns, so that the console goes on meanwhile. */
export const MAX_TRIES = 4_000_000;
const TRIES_A_TURN = 5_000;

/** More than `MAX_TRIES` would be needed. */
export class TooManyHashes extends Error {}

/**
 * The entries of each name, in the order of the list; a name without any is not in the answer. Names are as ssh looks them up (`host`, `[host]:port`), in any case. Patterns and negations count as ssh_config(5) has them, hashes
 * are those of `ssh-keygen -H`. @throws TooManyHashes
 */
export async function findKeys<Entry extends KeyEntry>(entries: readonly Entry[], names: Iterable<string>): Promise<Map<string, Entry[]>> {
  const wanted = [...new Set([...names].map((name) => name.toLowerCase()))];
  const isWanted = new Set(wanted);
  const found = new Map<string, Entry[]>();
  const add = (name: string, entry: Entry) => found.set(name, [...(found.get(name) ?? []), entry]);
  const searching = entries.filter((entry) => literalNames(entry) === null).length;
  if (searching * wanted.length > MAX_TRIES) throw new TooManyHashes(`${searching} lines for ${wanted.length} names`);
  let tries = 0;
  for (const entry of entries) {
    const literal = literalNames(entry);
    for (const name of literal ?? wanted) {
      if (literal === null ? matches(entry, name) : isWanted.has(name)) add(name, entry);
    }
    tries += literal === null ? wanted.length : 0;
    if (tries < TRIES_A_TURN) continue;
    tries = 0;
    await nextTurn();
  }
  return found;
}

/** Null: it has to be tried with every name. */
function literalNames({ names }: KeyEntry): ReadonlySet<string> | null {
  if (names.kind === 'hashed' || /[*?!]/.test(names.list)) return null;
  return new Set(names.list.toLowerCase().split(','));
}

function matches({ names }: KeyEntry, name: string): boolean {
  if (names.kind === 'patterns') return matchesList(name, names.list.toLowerCase());
  return createHmac('sha1', names.salt).update(name).digest().equals(names.hash);
}
