import type { Finding } from '../../model/finding.ts';
import { countText } from '../../text/amount-text.ts';
import { printServiceRefs } from '../../text/service-text.ts';
import { coversPairs, holdsFor } from './compare-rules.ts';
import { changeRule, ON_PRESENT_FLEET, ruleSubject, some } from './finding-text.ts';
import { subtractSpans, toServiceRefs } from './service-line.ts';
import type { RuleSpace, Spaces } from './rule-space.ts';
import type { Shadow } from './shadowed.ts';

/**
 * Rules that share some connections while neither makes the other superfluous: an allow rule that a deny rule cuts into (RULE_PARTLY_DENIED), and two of one
 * action (RULE_OVERLAPPING). Rules that are shadowed are left out: they go anyway.
 */
export function findOverlaps(spaces: Spaces, neighbours: readonly (readonly number[])[], shadows: readonly Shadow[]): Finding[] {
  const gone = new Set(shadows.map(({ space }) => space));
  return spaces.rules.flatMap((space, place) => {
    if (gone.has(space)) return [];
    const others = (neighbours[place] ?? []).flatMap((at) => spaces.rules[at] ?? []).filter((other) => !gone.has(other));
    const denies = space.rule.action === 'allow' ? others.filter(({ rule }) => rule.action === 'deny') : [];
    const alike = others.filter((other) => other.rule.action === space.rule.action && isToldOf(space, other));
    return [...(denies.length > 0 ? [toFinding('RULE_PARTLY_DENIED', space, denies)] : []), ...(alike.length > 0 ? [toFinding('RULE_OVERLAPPING', space, alike)] : [])];
  });
}

/** A pair is told of once: of the rule that can be narrowed without a change of verdict, else of the later one. */
function isToldOf(space: RuleSpace, other: RuleSpace): boolean {
  const mine = narrowed(space, other) !== null;
  return mine === (narrowed(other, space) !== null) ? space.index > other.index : mine;
}

function toFinding(code: 'RULE_PARTLY_DENIED' | 'RULE_OVERLAPPING', space: RuleSpace, others: readonly RuleSpace[]): Finding {
  const shares = others.map((other) => `${other.rule.id} (${sharedText(space, other)})`);
  const what = code === 'RULE_PARTLY_DENIED' ? `${countText(others.length, 'deny rule')} ${others.length === 1 ? 'wins' : 'win'} over a part of it` : `A part of it is ${space.rule.action === 'allow' ? 'allowed' : 'denied'} by ${countText(others.length, 'other rule')} too`;
  return {
    code,
    severity: 'info',
    subject: ruleSubject(space.rule),
    others: others.map(({ rule }) => ruleSubject(rule)),
    evidence: `${what}: ${some(shares)}, ${ON_PRESENT_FLEET}.`,
    fix: fixOf(space, others),
  };
}

/** How many pairs of hosts, both known to the fleet, the two rules have in common. */
function sharedText(a: RuleSpace, b: RuleSpace): string {
  const common = (end: 'from' | 'to') => {
    const ids = new Set(b.ends[end].hosts.map((host) => host.id));
    return a.ends[end].hosts.filter((host) => ids.has(host.id));
  };
  const providers = common('to');
  const pairs = common('from').reduce((sum, consumer) => sum + providers.length - Number(providers.includes(consumer)), 0);
  return `${pairs === 0 ? 'addresses beyond the fleet' : `${countText(pairs, 'pair')} of hosts`}, ${printServiceRefs(b.rule.services)}`;
}

/** The rule's services without what `other` decides anyway for all of the rule's pairs; null where that cannot be said, or is nothing. */
function narrowed(space: RuleSpace, other: RuleSpace) {
  return coversPairs(other, space) && holdsFor(other, space) ? toServiceRefs(subtractSpans(space.serviceSpans, other.serviceSpans)) : null;
}

function fixOf(space: RuleSpace, others: readonly RuleSpace[]): Finding['fix'] {
  const other = others.find((each) => narrowed(space, each) !== null);
  const services = other && narrowed(space, other);
  if (other && services) return changeRule(space.rule, `narrow the services of ${space.rule.id} to ${printServiceRefs(services)}: ${other.rule.id} decides the rest, so no verdict changes`, { services });
  return { text: `decide which of ${space.rule.id} and ${some(others.map(({ rule }) => rule.id))} is to decide the common part, and narrow the other’s ends or services`, act: null };
}
