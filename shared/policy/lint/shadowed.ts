import type { Finding } from '../../model/finding.ts';
import { printServiceRefs } from '../../text/service-text.ts';
import { covers, findCover, holdsFor, outranks } from './compare-rules.ts';
import { ON_PRESENT_FLEET, pairsText, removeRule, ruleSubject } from './finding-text.ts';
import type { RuleSpace } from './rule-space.ts';

export type Shadow = { readonly space: RuleSpace; readonly by: readonly RuleSpace[] };

/**
 * Rules that could all go at once without any verdict changing. The later of two equal rules is one, not both; a rule that is one itself is nobody's reason.
 * Denies first, then the last of the list first: what remains still decides everything.
 */
export function findShadows(rules: readonly RuleSpace[], neighbours: readonly (readonly number[])[]): readonly Shadow[] {
  const gone = new Set<RuleSpace>();
  const shadows: Shadow[] = [];
  const order = rules.map((space, place) => ({ space, place })).toSorted((a, b) => Number(b.space.rule.action === 'deny') - Number(a.space.rule.action === 'deny') || b.place - a.place);
  for (const { space, place } of order) {
    const others = (neighbours[place] ?? []).flatMap((at) => rules[at] ?? []).filter((other) => !gone.has(other) && outranks(other, space) && holdsFor(other, space));
    // A deny rule that covers an allow rule is the plainer reason.
    const by = findCover(space, others.toSorted((a, b) => Number(b.rule.action === 'deny') - Number(a.rule.action === 'deny')));
    if (by.length === 0) continue;
    gone.add(space);
    shadows.push({ space, by });
  }
  return shadows;
}

export const toShadowFindings = (shadows: readonly Shadow[]): Finding[] => shadows.map((shadow) => (isContradiction(shadow) ? contradicted(shadow) : shadowed(shadow)));

/** An allow and a deny rule for the very same connections, times and identities: one of the two is a mistake. */
function isContradiction({ space, by: [first, ...rest] }: Shadow): boolean {
  if (first === undefined || rest.length > 0 || space.rule.action === 'deny' || first.rule.action === 'allow') return false;
  const isForAll = space.rule.as === null && space.rule.servedBy === null;
  return isForAll && covers(space, first) && JSON.stringify(space.rule.schedule) === JSON.stringify(first.rule.schedule);
}

function contradicted({ space, by }: Shadow): Finding {
  const [deny] = by;
  return {
    code: 'RULE_CONTRADICTED',
    severity: 'error',
    subject: ruleSubject(space.rule),
    others: by.map(({ rule }) => ruleSubject(rule)),
    evidence: `It allows exactly what ${deny?.rule.id ?? ''} denies (${pairsText(space)} on ${printServiceRefs(space.rule.services)}), and deny wins: it lets nobody through, ${ON_PRESENT_FLEET}.`,
    fix: removeRule(space.rule, `; nothing changes on any host. If the access is wanted, remove ${deny?.rule.id ?? ''} instead`),
  };
}

function shadowed({ space, by }: Shadow): Finding {
  const ids = by.map(({ rule }) => rule.id);
  const verbs = [...new Set(by.map(({ rule }) => (rule.action === 'deny' ? 'denied' : 'allowed')))].join(' or ');
  return {
    code: 'RULE_SHADOWED',
    severity: 'warning',
    subject: ruleSubject(space.rule),
    others: by.map(({ rule }) => ruleSubject(rule)),
    evidence: `All that it decides (${pairsText(space)} on ${printServiceRefs(space.rule.services)}) is ${verbs} by ${ids.join(' and ')} already${ids.length > 1 ? ' together' : ''}, ${ON_PRESENT_FLEET}.`,
    fix: removeRule(space.rule, '; no verdict changes'),
  };
}
