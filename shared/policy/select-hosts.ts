import type { Selector, SelectorSet } from '../model/selector.ts';
import { matchesSelector, type Selectable, labelOf } from './select.ts';

/** The places in the list of hosts that a selector means: ascending, each once. */
export type HostSelector = (set: SelectorSet) => readonly number[];

/**
 * Selects like `matchesSelectorSet`, asking only hosts that have one of the values of the selector's rarest `=` term: thousands of
 * selectors over thousands of hosts are otherwise most of a compile. Selectors of `!=` alone ask every host.
 */
export function createHostSelector(hosts: readonly Selectable[]): HostSelector {
  const everyone = hosts.map((_, i) => i);
  const indexes = new Map<string, ReadonlyMap<string, readonly number[]>>();
  const indexOf = (key: string) => {
    const index = indexes.get(key) ?? indexByValue(hosts, key);
    indexes.set(key, index);
    return index;
  };
  const candidatesFor = (selector: Selector): readonly number[] =>
    selector.terms.reduce<readonly number[]>((fewest, term) => {
      if (term.op !== '=') return fewest;
      const index = indexOf(term.key);
      const lists = [...new Set(term.values)].map((value) => index.get(value) ?? []);
      return lists.reduce((sum, list) => sum + list.length, 0) < fewest.length ? lists.flat() : fewest;
    }, everyone);
  const matches = (selector: Selector, i: number): boolean => matchesSelector(selector, hosts[i] ?? NOBODY);
  return ({ include, exclude }) => {
    const found = new Set(include.flatMap((selector) => candidatesFor(selector).filter((i) => matches(selector, i))));
    return [...found].filter((i) => !exclude.some((selector) => matches(selector, i))).sort((a, b) => a - b);
  };
}

const NOBODY: Selectable = { labels: {} };

function indexByValue(hosts: readonly Selectable[], key: string): Map<string, number[]> {
  const index = new Map<string, number[]>();
  hosts.forEach((host, i) => {
    const value = labelOf(host, key);
    if (value === undefined) return;
    const list = index.get(value);
    if (list) list.push(i);
    else index.set(value, [i]);
  });
  return index;
}
