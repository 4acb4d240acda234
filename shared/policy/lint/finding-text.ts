import type { Finding, LintSubject, RuleChange } from '../../model/finding.ts';
import type { Rule } from '../../model/policy.ts';
import { countText } from '../../text/amount-text.ts';
import { describeRuleShort } from '../describe.ts';
import type { RuleSpace } from './rule-space.ts';

export const ruleSubject = (rule: Rule): LintSubject => ({ kind: 'rule', id: rule.id, text: describeRuleShort(rule) });
export const namedSubject = (kind: 'zone' | 'service' | 'iplist', name: string): LintSubject => ({ kind, id: name, text: `${kind === 'iplist' ? 'IP list' : kind} ${name}` });

export const removeRule = (rule: Rule, why: string): Finding['fix'] => ({ text: `remove rule ${rule.id}${why}`, act: { kind: 'remove-rule', rule: rule.id } });
export const changeRule = (rule: Rule, text: string, change: RuleChange): Finding['fix'] => ({ text, act: { kind: 'change-rules', rules: [{ rule: rule.id, change }] } });

const NAMED = 5;
/** The first five, and how many more. */
export const some = (names: readonly string[]): string => names.slice(0, NAMED).join(', ') + (names.length > NAMED ? ` and ${names.length - NAMED} more` : '');

/** `3 hosts → 2 hosts`: who is at the ends now. What lies beyond the fleet is not counted. */
export const pairsText = ({ ends }: RuleSpace): string => `${endText(ends.from)} → ${endText(ends.to)}`;

function endText({ resolved, hosts }: RuleSpace['ends']['from']): string {
  if (resolved.covers.kind === 'everyone') return 'everyone';
  return resolved.covers.kind === 'hosts' ? countText(hosts.length, 'host') : `networks with ${countText(hosts.length, 'host')} of the fleet`;
}

/** Ends every sentence that compares rules: selectors mean other hosts tomorrow. */
export const ON_PRESENT_FLEET = 'on the present fleet and its labels';
