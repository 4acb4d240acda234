import { type Finding, LintCode, LintSeverity } from '../../model/finding.ts';
import { findAnyToAny } from './any-to-any.ts';
import { findNeighbours } from './compare-rules.ts';
import { findCreep } from './creep.ts';
import { findDates } from './dates.ts';
import { findEmptyEnds } from './empty-ends.ts';
import { findUnenforcedIdentities } from './identity-unenforced.ts';
import type { LintInput, LintWorld } from './lint-input.ts';
import { readRuleUse } from './observed-use.ts';
import { findNames } from './names.ts';
import { findOrphans } from './orphaned.ts';
import { findOverlaps } from './overlapping.ts';
import { findOwnership } from './ownership.ts';
import { readRuleSpaces } from './rule-space.ts';
import { findPostureRules } from './posture-rules.ts';
import { findShadows, toShadowFindings } from './shadowed.ts';
import { findTrustInFacts } from './trusts-facts.ts';
import { findUnusedObjects } from './unused-objects.ts';
import { findUnusedPorts } from './unused-ports.ts';
import { createWatch } from './watched.ts';
import { findWideNetworks } from './wide-network.ts';

export type LintResult = {
  /** Worst first, then by code, then in the order of the policy. The same input gives the same list. */
  readonly findings: readonly Finding[];
  /** Live allow rules whose use cannot be told, because hosts at their ends were not recorded for all of the period. */
  readonly unwatched: number;
};

/** Everything that is wrong or doubtful about a policy, on the present fleet. References must have been checked (`findDanglingReferences`). */
export function lintPolicy(input: LintInput): LintResult {
  const spaces = readRuleSpaces(input.policy, input.hosts, input.nowMs);
  const world: LintWorld = { ...input, spaces, use: readRuleUse(spaces, input.hosts, input.flows), isWatched: createWatch(input.records, input.nowMs, input.days) };
  const neighbours = findNeighbours(spaces);
  const shadows = findShadows(spaces.rules, neighbours);
  const findings = [
    ...toShadowFindings(shadows),
    ...findOverlaps(spaces, neighbours, shadows),
    ...findAnyToAny(world),
    ...findOrphans(world),
    ...findWideNetworks(world),
    ...findUnusedPorts(world),
    ...findEmptyEnds(world),
    ...findDates(world),
    ...findOwnership(world),
    ...findUnenforcedIdentities(world),
    ...findTrustInFacts(world),
    ...findPostureRules(world),
    ...findCreep(world),
    ...findUnusedObjects(world),
    ...findNames(world),
  ];
  const placeOf = new Map<string, number>(input.policy.rules.map((rule, i) => [rule.id, i]));
  const rank = ({ severity }: Finding) => LintSeverity.options.indexOf(severity);
  const order = ({ code }: Finding) => LintCode.options.indexOf(code);
  const place = ({ subject }: Finding) => placeOf.get(subject.id) ?? 0;
  return {
    findings: findings.toSorted((a, b) => rank(a) - rank(b) || order(a) - order(b) || place(a) - place(b)),
    unwatched: spaces.rules.filter((space) => space.rule.action === 'allow' && !world.isWatched(space)).length,
  };
}
