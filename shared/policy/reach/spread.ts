import type { Party } from './parties.ts';
import { listOpenings, type Opening, type ReachIndex } from './reach-index.ts';

/** `out`: what the start can reach · `in`: what can reach it. */
export type ReachDirection = 'out' | 'in';

/** `via` is the host one hop nearer to the start. `isCertain` false: only over a host of which nobody knows what listens there. */
export type Reached = { readonly party: Party; readonly hop: number; readonly via: Party; readonly isCertain: boolean };

/**
 * Everybody whom somebody who holds `starts` gets to, hop by hop, each by a shortest chain; or, inwards, who gets to them. First over services that are known to listen; then, for whom that
 * does not reach, over what may listen where nobody knows. Ordered by hop, then as the fleet is. The starts themselves are left out.
 */
export function spread(index: ReachIndex, starts: readonly Party[], { direction, maxHops }: { readonly direction: ReachDirection; readonly maxHops: number }): Reached[] {
  const walk = (isSupposed: boolean) => (direction === 'out' ? walkOut : walkIn)({ index, isSupposed, maxHops }, starts);
  const isAllKnown = index.parties.every((party) => party.host === null || index.isKnown(party));
  return toList(walk(false), isAllKnown ? new Map() : walk(true));
}

/** How `consumer` gets into `provider` in one step; empty where it does not. */
export const openingsBetween = (index: ReachIndex, consumer: Party, provider: Party): Opening[] =>
  listOpenings(index, consumer, provider, index.isKnown(provider) ? index.listening(provider) : index.supposed(provider));

type Step = { readonly party: Party; readonly hop: number; readonly via: Party };
type Walk = { readonly index: ReachIndex; readonly isSupposed: boolean; readonly maxHops: number };

function toList(certain: ReadonlyMap<number, Step>, possible: ReadonlyMap<number, Step>): Reached[] {
  const sure = [...certain.values()].map((step) => ({ ...step, isCertain: true }));
  const other = [...possible.values()].filter(({ party }) => !certain.has(party.index)).map((step) => ({ ...step, isCertain: false }));
  return [...sure, ...other].sort((a, b) => a.hop - b.hop || a.party.index - b.party.index);
}

/** Of each kind of host only the first to be held is asked on: the others reach nothing that it does not. */
function walkOut({ index, isSupposed, maxHops }: Walk, starts: readonly Party[]): Map<number, Step> {
  const left = new Set(index.parties.filter(({ host }) => host !== null && !starts.some((start) => start.host === host)));
  const reached = new Map<number, Step>();
  const asked = new Set<number>();
  let frontier = starts;
  for (let hop = 1; hop <= maxHops && frontier.length > 0; hop++) {
    const sources = takeFirstOfKind(frontier, asked);
    const next: Party[] = [];
    for (const party of left) {
      const via = sources.find((source) => index.connects(source, party, isSupposed));
      if (via === undefined) continue;
      reached.set(party.index, { party, hop, via });
      next.push(party);
    }
    for (const party of next) left.delete(party);
    frontier = next;
  }
  return reached;
}

function takeFirstOfKind(parties: readonly Party[], asked: Set<number>): Party[] {
  return parties.filter(({ kind }) => {
    if (asked.has(kind)) return false;
    asked.add(kind);
    return true;
  });
}

/** Kinds of consumers are asked, not consumers: all of one kind get to a provider, or none. */
function walkIn({ index, isSupposed, maxHops }: Walk, starts: readonly Party[]): Map<number, Step> {
  const left = Map.groupBy(
    index.parties.filter(({ host }) => host !== null && !starts.some((start) => start.host === host)),
    ({ kind }) => kind,
  );
  const reached = new Map<number, Step>();
  let frontier = starts;
  for (let hop = 1; hop <= maxHops && frontier.length > 0; hop++) {
    const next: Party[] = [];
    for (const [kind, members] of left) {
      const [first] = members;
      const via = first && frontier.find((provider) => index.connects(first, provider, isSupposed));
      if (via === undefined) continue;
      for (const party of members) reached.set(party.index, { party, hop, via });
      next.push(...members);
      left.delete(kind);
    }
    frontier = next;
  }
  return reached;
}
