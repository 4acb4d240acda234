import type { Finding } from '../../model/finding.ts';
import type { Peer } from '../../model/peer.ts';
import type { Rule } from '../../model/policy.ts';
import { findPostureFact } from '../../model/posture.ts';
import type { SelectorSet, SelectorTerm } from '../../model/selector.ts';
import { isShort, printPostureLabel } from '../../text/posture-text.ts';
import { printSelectorSet } from '../../text/selector-text.ts';
import { isLive } from '../resolve.ts';
import { namedSubject, ruleSubject, some } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';

/** What rests on the posture that hosts report: rules that treat what is not known as good, rules that let out whoever says so, and zones that a host leaves by what it says. */
export function findPostureRules({ policy, nowMs }: LintWorld): Finding[] {
  const rules = policy.rules.filter((rule) => isLive(rule, nowMs));
  return [...rules.flatMap(findMissedUnknown), ...rules.flatMap(findTrust), ...policy.zones.flatMap(findZoneByPosture)];
}

function findMissedUnknown(rule: Rule): Finding[] {
  const loose = [rule.from, rule.to].flatMap(selectorOf).flatMap((set) => [
    ...set.include.flatMap(({ terms }) => terms).filter((term) => isLoose(term, rule.action)),
    // To be left out of an allow rule is to be refused, and the other way round.
    ...set.exclude.flatMap(({ terms }) => terms).filter((term) => isLoose(term, rule.action === 'allow' ? 'deny' : 'allow')),
  ]);
  if (loose.length === 0) return [];
  const texts = [...new Set(loose.map(printTerm))];
  const what = rule.action === 'allow' ? 'are allowed, too' : 'are not refused';
  return [
    {
      code: 'RULE_MISSES_UNKNOWN',
      severity: 'warning',
      subject: ruleSubject(rule),
      others: [],
      evidence: `Hosts whose posture is unknown ${what} by ${some(texts)}: those that never said, and those that have been silent for seven days.`,
      fix: { text: rule.action === 'allow' ? `name what is good, such as ${goodOf(loose)}, so that unknown is not let in` : `name what is good and refuse all others, such as ${goodOf(loose, '!=')}`, act: null },
    },
  ];
}

/** Whether hosts of which nothing is known fall on the wrong side. */
function isLoose({ key, op, values }: SelectorTerm, action: Rule['action']): boolean {
  const fact = findPostureFact(key);
  if (fact === undefined) return false;
  const hasUnknown = values.includes('unknown');
  if (action === 'allow') return op === '=' ? hasUnknown : !hasUnknown;
  return op === '=' ? !hasUnknown && values.some((value) => isShort(fact, value)) : hasUnknown;
}

function findTrust(rule: Rule): Finding[] {
  const terms = rule.action === 'allow' ? selectorOf(rule.from).flatMap(postureTerms) : [];
  if (terms.length === 0) return [];
  return [
    {
      code: 'RULE_TRUSTS_POSTURE',
      severity: 'info',
      subject: ruleSubject(rule),
      others: [],
      evidence: `Its consumers are chosen by ${some([...new Set(terms.map(printTerm))])}, which each host says about itself: root there can say anything.`,
      fix: { text: 'keep the rule as narrow as it would be without posture: it makes an honest mistake harmless, and stops nobody who holds a host', act: null },
    },
  ];
}

function findZoneByPosture(zone: LintWorld['policy']['zones'][number]): Finding[] {
  if (postureTerms(zone.select).length === 0) return [];
  return [
    {
      code: 'ZONE_BY_POSTURE',
      severity: 'warning',
      subject: namedSubject('zone', zone.name),
      others: [],
      evidence: `${printSelectorSet(zone.select)} selects its hosts by what they say about themselves: one that says something else leaves the zone with the next push, and is only observed where no other zone takes it.`,
      fix: { text: 'select the hosts of the zone by other labels, and use posture in rules', act: null },
    },
  ];
}

const selectorOf = (peer: Peer): SelectorSet[] => (peer.kind === 'selector' ? [peer.select] : []);
const postureTerms = (set: SelectorSet): SelectorTerm[] => [...set.include, ...set.exclude].flatMap(({ terms }) => terms).filter(({ key }) => findPostureFact(key) !== undefined);
const printTerm = ({ key, op, values }: SelectorTerm): string => `${key}${op}${values.join('|')}`;

const GOOD = { 'secure-boot': 'on', disk: 'encrypted', updates: 'current', edr: 'present' } as const;
function goodOf([term]: readonly SelectorTerm[], op = '='): string {
  const fact = findPostureFact(term?.key ?? '') ?? 'edr';
  return printPostureLabel(fact, GOOD[fact]).replace('=', op);
}
