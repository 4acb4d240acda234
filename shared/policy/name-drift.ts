import type { DnsName } from '../model/dns-name.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { getAddress } from '../net/address.ts';
import { containsAddress, equalRanges, type RangeSet, toRangeSet } from '../net/range-set.ts';
import type { HostRuleset } from './host-ruleset.ts';
import type { NameAnswers } from './name-answers.ts';

/** A host with what it runs and what it would be sent. */
export type RunningHost = { readonly name: string; readonly before: HostRuleset; readonly after: HostRuleset };

/** What became of a name since hosts got their rules. `added` and `gone` are sorted, not both empty; `hosts` are those that run something else. */
export type NameDrift = { readonly list: string; readonly name: DnsName; readonly added: readonly string[]; readonly gone: readonly { readonly address: string; readonly why: string }[]; readonly hosts: readonly string[] };

/** The difference that changed answers alone make, in rules that the hosts have already: what the next push would carry. In the order of `answers`. */
export function findNameDrift(policy: Policy, answers: readonly NameAnswers[], hosts: readonly RunningHost[]): NameDrift[] {
  const named = new Set(answers.map(({ list }) => list));
  // A fleet of thousands under thousands of rules: only those few with names are looked for on every host.
  const rules = policy.rules.map((rule) => ({ rule, lists: [rule.from, rule.to].flatMap((peer) => (peer.kind === 'iplist' && named.has(peer.ipList) ? [peer.ipList] : [])) })).filter(({ lists }) => lists.length > 0);
  const changes = hosts.filter(({ before, after }) => before !== after).map((host) => ({ host: host.name, byList: listChanges(rules, host) }));
  return answers.flatMap((one): NameDrift[] => {
    const added = new Set<string>();
    const gone = new Map<string, string>();
    const affected = new Set<string>();
    for (const { host, byList } of changes) {
      for (const { before, after } of byList.get(one.list) ?? []) {
        for (const { address, state, why } of one.answers) {
          const [was, is] = [before, after].map((ranges) => containsAddress(ranges, getAddress(address)));
          if (was === is) continue;
          if (state === 'used' && is) added.add(address);
          else if (state !== 'used' && was) gone.set(address, why);
          else continue;
          affected.add(host);
        }
      }
    }
    if (affected.size === 0) return [];
    return [{ list: one.list, name: one.name, added: [...added].sort(), gone: [...gone].sort().map(([address, why]) => ({ address, why })), hosts: [...affected].sort() }];
  });
}

type Change = { readonly before: RangeSet; readonly after: RangeSet };

/** Rule by rule, as two rules with one list can be for hosts of other families. Only rules that the host has and keeps: a new rule is no drift. */
function listChanges(rules: readonly { readonly rule: Rule; readonly lists: readonly string[] }[], { before, after }: RunningHost): Map<string, Change[]> {
  const changes = new Map<string, Change[]>();
  for (const { rule, lists } of rules) {
    const [was, is] = [before, after].map((ruleset) => rangesOf(ruleset, rule));
    if (!was || !is || equalRanges(was, is)) continue;
    for (const list of lists) changes.set(list, [...(changes.get(list) ?? []), { before: was, after: is }]);
  }
  return changes;
}

/** All addresses that the host's rows of the rule name; null where it has none. */
function rangesOf({ denyIn, allowIn, denyOut, allowOut }: HostRuleset, rule: Rule): RangeSet | null {
  const rows = [...denyIn, ...allowIn, ...denyOut, ...allowOut].filter((row) => row.ruleId === rule.id);
  if (rows.length === 0) return null;
  return toRangeSet(rows.flatMap((row) => row.lanes.flatMap((lane) => [lane.peers, lane.local].flatMap((match) => (match.kind === 'in' ? match.ranges : [])))));
}

const SHOWN = 5;

/** `deb.debian.org (IP list mirrors): 2 addresses new (…), 1 gone (… not seen for 7 days); on web-1`. */
export function describeNameDrift({ list, name, added, gone, hosts }: NameDrift): string {
  const some = (texts: readonly string[]) => texts.slice(0, SHOWN).join(', ') + (texts.length > SHOWN ? ` and ${texts.length - SHOWN} more` : '');
  const addresses = (n: number) => `${n} ${n === 1 ? 'address' : 'addresses'}`;
  const parts = [
    ...(added.length === 0 ? [] : [`${addresses(added.length)} new (${some(added)})`]),
    ...[...Map.groupBy(gone, ({ why }) => why)].map(([why, all]) => `${addresses(all.length)} gone, ${why} (${some(all.map(({ address }) => address))})`),
  ];
  return `${name} (IP list ${list}): ${parts.join(', ')}; on ${some(hosts)}`;
}
