import type { Party } from './parties.ts';
import { listOpenings, type Opening, type ReachIndex } from './reach-index.ts';
import { openingsBetween, type Reached, spread } from './spread.ts';
import type { AskedService } from './asked-services.ts';
import type { Passage } from './passages.ts';

export type PathStep = { readonly from: Party; readonly to: Party; readonly isCertain: boolean; readonly openings: readonly Opening[] };

/** A shortest chain of connections by which somebody who holds `from` gets to `to`, one that is certain before one that is not; null where there is none. */
export function findPath(index: ReachIndex, from: Party, to: Party): PathStep[] | null {
  const reached = new Map(spread(index, [from], { direction: 'out', maxHops: index.parties.length }).map((one) => [one.party.index, one]));
  const target = reached.get(to.index);
  return target === undefined ? null : followBack(index, reached, target);
}

/** The chain from the start to a host that `spread` reached outwards. */
function followBack(index: ReachIndex, reached: ReadonlyMap<number, Reached>, target: Reached): PathStep[] {
  const steps: PathStep[] = [];
  for (let at: Reached | undefined = target; at !== undefined; at = reached.get(at.via.index)) {
    steps.unshift({ from: at.via, to: at.party, isCertain: index.isKnown(at.party), openings: openingsBetween(index, at.via, at.party) });
  }
  return steps;
}

/** Why there is no direct connection: what each service that listens there is refused by. Where nobody knows what listens, nothing can be said of it. */
export function listRefusals(index: ReachIndex, from: Party, to: Party): { readonly service: AskedService; readonly passage: Passage }[] {
  const passing = new Set(listOpenings(index, from, to, index.listening(to)).map(({ service }) => service));
  return index.listening(to).flatMap((service) => {
    const passage = passing.has(service) ? null : index.judge(from, to, service);
    return passage === null ? [] : [{ service, passage }];
  });
}
