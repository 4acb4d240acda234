import { type Bits, containsBits, intersectsBits, intersectsWithin, orBits, reachOf } from './bits.ts';
import type { RuleSpace, Spaces } from './rule-space.ts';
import { endOfRuleMs } from '../resolve.ts';

const DIMENSIONS = ['services', 'from', 'to'] as const;

/** For each rule (by its place in `spaces.rules`) the places of those that decide some of the same connections. Most pairs share no service, which costs a look at a word or two; two more cheap tests come before the exact one. */
export function findNeighbours(spaces: Spaces): readonly (readonly number[])[] {
  const found: number[][] = spaces.rules.map(() => []);
  const reaches = spaces.rules.map(({ services }) => reachOf(services));
  spaces.rules.forEach((a, i) => {
    const reach = reaches[i];
    for (let j = i + 1; j < spaces.rules.length; j++) {
      const b = spaces.rules[j];
      const other = reaches[j];
      if (!b || !reach || !other || reach.end <= other.first || other.end <= reach.first || !intersectsBits(a.services, b.services, reach)) continue;
      if (!intersectsBits(a.to, b.to) || !intersectsBits(a.from, b.from)) continue;
      if (!overlaps(a, b, spaces.ofFamily)) continue;
      found[i]?.push(j);
      found[j]?.push(i);
    }
  });
  return found;
}

/** Whether one connection exists that both decide. Families are asked one by one: two rules may share IPv4 consumers and IPv6 providers only. */
function overlaps(a: RuleSpace, b: RuleSpace, ofFamily: Spaces['ofFamily']): boolean {
  return a.families.some((family) => {
    const { addresses, services } = ofFamily[family];
    return b.families.includes(family) && intersectsWithin(a.from, b.from, addresses) && intersectsWithin(a.to, b.to, addresses) && intersectsWithin(a.services, b.services, services);
  });
}

/** Whether every connection that `inner` decides is one that `outer` decides, times and identities aside. */
export const covers = (outer: RuleSpace, inner: RuleSpace): boolean => DIMENSIONS.every((dimension) => containsBits(outer[dimension], inner[dimension]));

export const coversPairs = (outer: RuleSpace, inner: RuleSpace): boolean => containsBits(outer.from, inner.from) && containsBits(outer.to, inner.to);

/**
 * Whether `outer` holds whenever `inner` does, for whomever `inner` is, at every host that enforces `inner`. A schedule counts as none other than itself.
 * A deny rule for one sender or one listener is enforced at one end only, so it never stands in for an allow rule, which is enforced at both.
 */
export function holdsFor({ rule: outer }: RuleSpace, { rule: inner }: RuleSpace): boolean {
  const isAlways = outer.schedule === null || JSON.stringify(outer.schedule) === JSON.stringify(inner.schedule);
  const lasts = (endOfRuleMs(outer) ?? Number.POSITIVE_INFINITY) >= (endOfRuleMs(inner) ?? Number.POSITIVE_INFINITY);
  if (!isAlways || !lasts) return false;
  if (outer.action === 'deny' && inner.action === 'allow') return outer.as === null && outer.servedBy === null;
  const isForAll = outer.as === null || (inner.as !== null && outer.as.kind === inner.as.kind && outer.as.name === inner.as.name);
  return isForAll && (outer.servedBy === null || outer.servedBy === inner.servedBy);
}

/** Whether `outer` can make `inner` superfluous at all: deny comes before allow, so an allow rule never does that to a deny rule. */
export const outranks = (outer: RuleSpace, inner: RuleSpace): boolean => outer.rule.action === 'deny' || inner.rule.action === 'allow';

/**
 * The fewest of `others` found that decide all of `inner` together: one that covers it, or several that cover it in two of ends and services and make up the
 * third between them. Empty: none. Sound, and not complete: rules that make it up in a checkered way are not found.
 */
export function findCover(inner: RuleSpace, others: readonly RuleSpace[]): readonly RuleSpace[] {
  const one = others.find((outer) => covers(outer, inner));
  if (one) return [one];
  for (const dimension of DIMENSIONS) {
    const rest = DIMENSIONS.filter((other) => other !== dimension);
    const parts = others.filter((outer) => rest.every((other) => containsBits(outer[other], inner[other])));
    const needed = makeUp(inner[dimension], parts, dimension);
    if (needed.length > 0) return needed;
  }
  return [];
}

/** Those of `parts` that each add something until `wanted` is reached; empty when they never reach it. */
function makeUp(wanted: Bits, parts: readonly RuleSpace[], dimension: (typeof DIMENSIONS)[number]): RuleSpace[] {
  const [first, ...rest] = parts;
  if (!first) return [];
  const needed = [first];
  let sum = first[dimension];
  for (const part of rest) {
    if (containsBits(sum, wanted)) break;
    const more = orBits(sum, part[dimension]);
    if (containsBits(sum, more)) continue;
    sum = more;
    needed.push(part);
  }
  return containsBits(sum, wanted) ? needed : [];
}
