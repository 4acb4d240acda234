import type { Finding } from '../../model/finding.ts';
import { complementRanges } from '../../net/range-set.ts';
import { countText } from '../../text/amount-text.ts';
import { printServiceRefs } from '../../text/service-text.ts';
import { removeRule, ruleSubject } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';
import type { End } from './rule-space.ts';

/** Allow rules from anyone to anyone; with every service the policy has no default left, which is an error. */
export function findAnyToAny({ spaces, use }: LintWorld): Finding[] {
  return spaces.rules.flatMap(({ rule, ends }): Finding[] => {
    if (rule.action === 'deny' || !isEveryone(ends.from) || !isEveryone(ends.to)) return [];
    const isAll = rule.services.some((ref) => ref.kind === 'any');
    const seen = use.get(rule.id);
    const used = seen === undefined ? 'Nothing that it allows was seen.' : `${countText(seen.connections, 'connection')} on ${countText(seen.ports.size, 'port')} may have used it.`;
    return [
      {
        code: 'RULE_ANY_TO_ANY',
        severity: isAll ? 'error' : 'warning',
        subject: ruleSubject(rule),
        others: [],
        evidence: `It lets everyone reach everyone ${isAll ? 'on every service: no zone refuses anything but what deny rules name' : `on ${printServiceRefs(rule.services)}`}. ${used}`,
        fix: removeRule(rule, '; then accept the narrower rules that “firebreak suggest” makes of what was seen'),
      },
    ];
  });
}

/** `any`, or both families whole in other words. */
const isEveryone = ({ resolved: { match } }: End): boolean => match.kind === 'any' || (match.kind === 'in' && complementRanges(match.ranges).length === 0);
