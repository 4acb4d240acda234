import type { Finding } from '../../model/finding.ts';
import { isLive } from '../resolve.ts';
import { ruleSubject } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';

/** Live rules for which nobody answers, or of which nobody says why. White space is no answer. */
export function findOwnership({ policy, nowMs }: LintWorld): Finding[] {
  return policy.rules
    .filter((rule) => isLive(rule, nowMs))
    .flatMap((rule): Finding[] => {
      const missing = (field: 'owner' | 'reason', isThere: string): Finding => ({
        code: field === 'owner' ? 'OWNER_MISSING' : 'REASON_MISSING',
        severity: field === 'owner' ? 'warning' : 'info',
        subject: ruleSubject(rule),
        others: [],
        evidence: `It has no ${field}${isThere}.`,
        fix: { text: `set the ${field} of ${rule.id}`, act: { kind: 'ask', rule: rule.id, field } },
      });
      return [
        ...(rule.owner.trim() === '' ? [missing('owner', rule.reason.trim() === '' ? '' : `; its reason is “${rule.reason.trim()}”`)] : []),
        ...(rule.reason.trim() === '' ? [missing('reason', rule.owner.trim() === '' ? '' : `; its owner is ${rule.owner.trim()}`)] : []),
      ];
    });
}
