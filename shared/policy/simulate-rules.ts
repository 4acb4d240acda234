import type { HostId } from '../model/ids.ts';
import type { ReadRule } from './simulate-program.ts';

/**
 * The rules in which a host is the consumer (`from`) or the provider (`to`), in the policy's order. Looked up by the ends of all rules at once, since asking
 * each of thousands of rules about each of thousands of hosts takes longer than all judging.
 */
export function createRuleFinder(rules: readonly ReadRule[], end: 'from' | 'to'): (host: HostId) => readonly ReadRule[] {
  let index: Index | undefined;
  return (host) => {
    index ??= indexByEnd(rules, end);
    const own = index.byHost.get(host) ?? [];
    const all = index.everywhere.length === 0 ? own : [...own, ...index.everywhere].sort((a, b) => a - b);
    return all.flatMap((i) => rules[i] ?? []);
  };
}

/** Places in the list of rules, ascending. */
type Index = { readonly byHost: ReadonlyMap<HostId, readonly number[]>; readonly everywhere: readonly number[] };

function indexByEnd(rules: readonly ReadRule[], end: 'from' | 'to'): Index {
  const byHost = new Map<HostId, number[]>();
  const everywhere: number[] = [];
  rules.forEach((rule, i) => {
    const ends = rule[end].listEnds();
    if (!ends) everywhere.push(i);
    for (const host of ends ?? []) {
      const list = byHost.get(host);
      if (list) list.push(i);
      else byHost.set(host, [i]);
    }
  });
  return { byHost, everywhere };
}
