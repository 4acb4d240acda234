import type { Finding } from '../../model/finding.ts';
import { printPeer } from '../../text/peer-text.ts';
import { isLive } from '../resolve.ts';
import { ON_PRESENT_FLEET, removeRule, ruleSubject } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';

/** Live rules that decide nothing: an end means nobody, or both ends have somebody and no address family, and service in it, is common to them. */
export function findEmptyEnds({ policy, spaces, nowMs }: LintWorld): Finding[] {
  const decided = new Set(spaces.rules.map((space) => space.rule.id));
  return policy.rules
    .filter((rule) => isLive(rule, nowMs) && !decided.has(rule.id))
    .map((rule): Finding => {
      const empty = (['from', 'to'] as const).filter((side) => spaces.endOf(rule[side]).resolved.match.kind === 'none').map((side) => printPeer(rule[side]));
      const evidence =
        empty.length === 0
          ? `Its ends have addresses of different families only, or its services are of another family than they: it decides nothing`
          : `${empty.join(' and ')} ${empty.length === 1 ? 'matches' : 'match'} nobody with a known address: it decides nothing`;
      return { code: 'RULE_END_EMPTY', severity: 'warning', subject: ruleSubject(rule), others: [], evidence: `${evidence}, ${ON_PRESENT_FLEET}.`, fix: removeRule(rule, ', or give hosts the labels that it means') };
    });
}
