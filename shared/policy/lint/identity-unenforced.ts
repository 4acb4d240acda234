import type { Finding } from '../../model/finding.ts';
import { countText } from '../../text/amount-text.ts';
import { describeAs } from '../../text/identity-text.ts';
import { changeRule, ON_PRESENT_FLEET, ruleSubject, some } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';

/** Allow rules for one user, group or unit of which no consumer can be held to it: none is managed and in a zone that restricts outbound. They let everybody there through. */
export function findUnenforcedIdentities({ spaces }: LintWorld): Finding[] {
  return spaces.rules.flatMap(({ rule, ends }): Finding[] => {
    if (rule.action === 'deny' || rule.as === null) return [];
    const zoneOf = (host: (typeof ends.from.hosts)[number]) => (host.managed ? (spaces.resolver.zones.get(host.id)?.zone ?? null) : null);
    if (ends.from.hosts.some((host) => zoneOf(host)?.outbound === 'restricted')) return [];
    const zones = [...new Set(ends.from.hosts.flatMap((host) => zoneOf(host)?.name ?? []))].sort();
    const restrict = zones.length === 0 ? 'manage its consumers in a zone with outbound restricted' : `restrict outbound of ${some(zones)}`;
    return [
      {
        code: 'RULE_IDENTITY_UNENFORCED',
        severity: 'warning',
        subject: ruleSubject(rule),
        others: [],
        evidence: `It is only${describeAs(rule.as)}, and on 0 of its ${countText(ends.from.hosts.length, 'consumer')} anything restricts outbound, so that everyone there may use it, ${ON_PRESENT_FLEET}.`,
        fix: changeRule(rule, `${restrict}; or have ${rule.id} say what it does, for everyone on its consumers`, { as: null }),
      },
    ];
  });
}
