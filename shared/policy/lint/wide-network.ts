import { Cidr } from '../../model/peer.ts';
import type { Finding } from '../../model/finding.ts';
import { getAddress } from '../../net/address.ts';
import { printCidrs } from '../../net/print-range.ts';
import { containsAddress, countAddresses, type RangeSet, singleRange, toRangeSet } from '../../net/range-set.ts';
import { countText } from '../../text/amount-text.ts';
import { printPeer } from '../../text/peer-text.ts';
import { changeRule, ruleSubject } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';
import type { RuleSpace } from './rule-space.ts';

/** A /28: below that, naming each address is no narrower rule worth the work. */
const WIDE_FROM = 16n;
const FEW_SPEAKERS = 3;

/** Allow rules with a network or IP list of 16 addresses or more at an end where at most three hosts spoke, though all was recorded. One a rule: the wider end first. */
export function findWideNetworks(world: LintWorld): Finding[] {
  return world.spaces.rules.flatMap((space): Finding[] => {
    if (space.rule.action === 'deny' || !world.isWatched(space)) return [];
    return (['from', 'to'] as const)
      .flatMap((side) => readWide(world, space, side) ?? [])
      .toSorted((a, b) => (a.size > b.size ? -1 : 1))
      .slice(0, 1)
      .map((wide) => toFinding(world, space, wide));
  });
}

type Wide = { readonly side: 'from' | 'to'; readonly size: bigint; readonly speakers: readonly string[]; readonly seen: RangeSet };

function readWide({ policy, use, hosts }: LintWorld, { rule, ends }: RuleSpace, side: 'from' | 'to'): Wide | null {
  const peer = rule[side];
  // What a name means changes: the addresses that were spoken to so far are no narrower way of saying it.
  if (peer.kind === 'iplist' && policy.ipLists.some((list) => list.name === peer.ipList && list.names !== undefined)) return null;
  const { covers } = ends[side].resolved;
  const speakers = [...(use.get(rule.id)?.[side] ?? [])].sort();
  if (covers.kind !== 'addresses' || speakers.length === 0 || speakers.length > FEW_SPEAKERS) return null;
  const size = countAddresses(covers.ranges);
  if (size < WIDE_FROM) return null;
  const addressesOf = (speaker: string) => hosts.find((host) => host.name === speaker)?.addresses ?? [speaker];
  const seen = toRangeSet(speakers.flatMap(addressesOf).map(getAddress).filter((address) => containsAddress(covers.ranges, address)).map(singleRange));
  return seen.length === 0 ? null : { side, size, speakers, seen };
}

function toFinding({ days }: LintWorld, { rule }: RuleSpace, { side, size, speakers, seen }: Wide): Finding {
  const cidrs = seen.flatMap(printCidrs).map((text) => Cidr.parse(text));
  const end = side === 'from' ? 'consumer' : 'provider';
  return {
    code: 'RULE_NETWORK_TOO_WIDE',
    severity: 'warning',
    subject: ruleSubject(rule),
    others: [],
    evidence: `Its ${end}s ${printPeer(rule[side])} are ${countText(size, 'address')}; in ${countText(days, 'day')} only ${speakers.join(', ')} ${side === 'from' ? 'spoke' : `${speakers.length === 1 ? 'was' : 'were'} spoken to`}.`,
    fix: changeRule(rule, `narrow the ${end}s of ${rule.id} to ${cidrs.join(', ')}`, { [side]: { kind: 'cidr', cidrs } }),
  };
}
