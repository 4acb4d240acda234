import { RuleId } from '../../shared/model/ids.ts';
import type { RuleCounter } from '../../shared/model/rule-counter.ts';

/** Twice what a host of the largest policy has; what a hostile host prints beyond it is left alone. */
const MAX_COUNTERS = 4_000;

const CHAIN = /^\tchain (?<name>\w+) \{$/;
// Two expressions, each of which looks at a line once: in one, a line of nothing but counters would cost the square of its length.
const COMMENT = /comment "(?<id>r_[0-9a-z]{12})"$/;
const COUNTER = /\bcounter packets (?<packets>\d{1,20}) bytes (?<bytes>\d{1,20}) /;

/** Chains whose rules are somebody's, by the end of a connection that they decide at (`shared/policy/layout.ts`). Others count what no rule of the policy decides. */
const DIRECTIONS: Readonly<Record<string, 'in' | 'out'>> = {
  deny_in: 'in',
  allow_in: 'in',
  deny_pub: 'in',
  allow_pub: 'in',
  deny_out: 'out',
  allow_out: 'out',
  allow_out_as: 'out',
  deny_masq: 'out',
};

/**
 * Reads what `nft list` prints of our table, each rule's counters summed by end: a rule of the policy is an nft rule for each protocol and family.
 * Whatever it does not know is passed over; the host may print anything. Sorted by rule and direction.
 */
export function parseRuleCounters(text: string): RuleCounter[] {
  const sums = new Map<string, RuleCounter>();
  let direction: 'in' | 'out' | undefined;
  for (const line of text.split('\n')) {
    const chain = CHAIN.exec(line)?.groups?.name;
    if (chain !== undefined) direction = Object.hasOwn(DIRECTIONS, chain) ? DIRECTIONS[chain] : undefined;
    const rule = RuleId.safeParse(direction === undefined ? undefined : COMMENT.exec(line.trimEnd())?.groups?.id);
    const counted = rule.success ? COUNTER.exec(line)?.groups : undefined;
    const [packets, bytes] = [Number(counted?.packets), Number(counted?.bytes)];
    if (direction === undefined || !rule.success || !Number.isSafeInteger(packets) || !Number.isSafeInteger(bytes)) continue;
    const key = `${rule.data} ${direction}`;
    const before = sums.get(key) ?? { rule: rule.data, direction, packets: 0, bytes: 0 };
    const sum = { ...before, packets: before.packets + packets, bytes: before.bytes + bytes };
    if (!Number.isSafeInteger(sum.packets) || !Number.isSafeInteger(sum.bytes) || (!sums.has(key) && sums.size >= MAX_COUNTERS)) continue;
    sums.set(key, sum);
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, counter]) => counter);
}
