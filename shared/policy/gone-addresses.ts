import { type RangeSet, subtractRanges, unionRanges } from '../net/range-set.ts';
import { peerRanges } from './compare-rows.ts';
import type { HostRuleset, RuleRow } from './host-ruleset.ts';

/** The peers that some rule had on the host and has there no more, whichever rule that is; one that goes as a whole counts with all of its peers. May be empty. */
export function listGoneAddresses(before: HostRuleset, after: HostRuleset): RangeSet {
  const lists = (ruleset: HostRuleset) => [ruleset.denyIn, ruleset.allowIn, ruleset.denyOut, ruleset.allowOut];
  const now = lists(after).map((rows) => new Map(rows.map((row) => [row.ruleId, row])));
  const gone = lists(before).flatMap((rows, i) => rows.map((row) => goneOf(row, now[i]?.get(row.ruleId))));
  return gone.reduce(unionRanges, []);
}

const goneOf = (was: RuleRow, is: RuleRow | undefined): RangeSet => subtractRanges(peerRanges(was), is === undefined ? [] : peerRanges(is));
