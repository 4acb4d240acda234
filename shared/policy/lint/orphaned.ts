import type { Finding } from '../../model/finding.ts';
import { countText } from '../../text/amount-text.ts';
import { pairsText, removeRule, ruleSubject } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';
import type { RuleSpace } from './rule-space.ts';

const DAY_MS = 86_400_000;

/**
 * Allow rules that nothing used in the last `days`, where the hosts at their ends were recorded for all of that time. Deny rules are guards: no traffic is what
 * they are for. A rule that was not in a pushed version for as long is told as `info`: it may wait for what it was written for.
 */
export function findOrphans(world: LintWorld): Finding[] {
  return world.spaces.rules.filter((space) => space.rule.action === 'allow' && !world.use.has(space.rule.id) && world.isWatched(space)).map((space) => orphaned(world, space));
}

function orphaned(world: LintWorld, space: RuleSpace): Finding {
  const { rule } = space;
  const pushedAtMs = world.pushedAtMs.get(rule.id);
  const isNew = pushedAtMs === undefined || pushedAtMs > world.nowMs - world.days * DAY_MS;
  const age = pushedAtMs === undefined ? 'it was never pushed' : `first pushed ${new Date(pushedAtMs).toISOString().slice(0, 10)}`;
  const hosts = new Set([...space.ends.from.hosts, ...space.ends.to.hosts].filter((host) => host.managed));
  const lost = [...hosts].reduce((sum, host) => sum + (world.records.get(host.id)?.lost ?? 0), 0);
  const limit = lost === 0 ? '' : ` ${countText(lost, 'packet')} there could be counted and not described.`;
  return {
    code: 'RULE_ORPHANED',
    severity: isNew ? 'info' : 'warning',
    subject: ruleSubject(rule),
    others: [],
    evidence: `No connection that it allows (${pairsText(space)}) was seen in ${countText(world.days, 'day')}, and ${countText(hosts.size, 'host')} recorded for all of them; ${age}.${limit}`,
    fix: removeRule(rule, ', or keep it with a review date if it is for rare use'),
  };
}
