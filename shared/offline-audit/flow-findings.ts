import { parseAddress } from '../net/address.ts';
import { countAddresses, ofFamily, type RangeSet, unionRanges } from '../net/range-set.ts';
import { findSpecialUse } from '../net/special-networks.ts';
import type { Grants } from '../rule-files/list-grants.ts';
import type { ForeignRule } from '../rule-files/rule-file.ts';
import { countText } from '../text/amount-text.ts';
import { isWorld } from './admitted.ts';
import type { FlowUse, RuleUse, ServiceUse } from './flow-use.ts';
import type { OfflineFinding, OfflineHost } from './offline-audit.ts';
import { bySourceLine, isCatchAll, judgedRules } from './rule-findings.ts';

const MAX_NAMES = 5;
/** A rule is broader when it means so many times what used it. */
const BROADER_TIMES = 16n;
const BROAD_ADDRESSES = 256n;
const BROAD_PORTS = 8;

/** What the flows that ended at one host say about its rules. Nothing where no flow did. */
export function findInFlows(host: OfflineHost, grants: Grants, use: FlowUse): OfflineFinding[] {
  const found: OfflineFinding[] = [];
  const noRules = host.files.length === 0;
  for (const [subject, used] of use.unnamed) {
    const why = noRules ? 'The files have no rules for this host' : 'It is let in because nothing refuses it, and no rule names it';
    found.push({ code: 'CUT_BY_DEFAULT_DENY', host: host.name, subject, sentence: `${countText(used.connections, 'connection')} from ${peersText(used)}. ${why}: a default deny would cut it unless a rule for it is made.`, rule: null, connections: used.connections });
  }
  for (const [subject, used] of use.refused) {
    found.push({ code: 'SEEN_BUT_REFUSED', host: host.name, subject, sentence: `${countText(used.connections, 'connection')} from ${peersText(used)}. These rules refuse them: they were tried in vain, or other rules ran when the log was written.`, rule: null, connections: used.connections });
  }
  for (const { path, rules } of host.files) {
    const judged = judgedRules(rules);
    const siblings = bySourceLine(judged);
    for (const rule of judged) {
      if (rule.action.kind !== 'accept' || isCatchAll(rule) || (grants.isWhole && !grants.deciding.has(rule))) continue;
      const used = use.byRule.get(rule);
      const about = { host: host.name, subject: rule.text, rule: { path, line: rule.line, text: rule.text }, connections: used?.connections ?? 0 };
      const never = siblings(rule)[0] === rule && siblings(rule).every((one) => !use.byRule.has(one)) ? whyNever(rule, use) : null;
      if (never !== null) found.push({ ...about, code: 'RULE_NEVER_HIT', sentence: never });
      const broad = used === undefined ? null : howBroad(rule, used, grants);
      if (broad !== null) found.push({ ...about, code: 'RULE_TOO_BROAD', sentence: broad });
    }
  }
  return found;
}

function peersText({ peers }: ServiceUse | RuleUse): string {
  const names = [...peers].slice(0, MAX_NAMES).join(', ');
  return peers.size > MAX_NAMES ? `${peers.size} addresses (${names} …)` : names;
}

/** The kernel's own counter is better than any log. */
function whyNever({ packets }: ForeignRule, { flows }: FlowUse): string | null {
  if (packets !== null && packets > 0) return null;
  if (packets === 0) return 'The kernel counted no packet for it since the rules were loaded. Take it out, or find out what it waits for.';
  return flows === 0 ? null : 'No flow of the logs used it. Take it out, or find out what it waits for.';
}

function howBroad(rule: ForeignRule, used: RuleUse, { grants }: Grants): string | null {
  const own = grants.filter(({ deciders }) => deciders.some((decider) => decider.rule === rule));
  const from = own.reduce<RangeSet>((sum, grant) => unionRanges(sum, grant.from), []);
  const seen = [...used.peers].flatMap((text) => {
    const address = parseAddress(text);
    return address.ok ? [address.value] : [];
  });
  // Everyone is the right word where strangers from the internet come.
  const hasStrangers = seen.some((address) => findSpecialUse(address) === null);
  const families = [...new Set(seen.map(({ family }) => family))];
  const meant = families.reduce((sum, family) => sum + countAddresses(ofFamily(from, family)), 0n);
  const ports = own.reduce((sum, { ports: range }) => sum + (range === null ? 65_536 : range.to - range.from + 1), 0);
  const parts: string[] = [];
  if (meant >= BROAD_ADDRESSES && meant > BigInt(seen.length) * BROADER_TIMES && !(isWorld(from) && hasStrangers)) parts.push(`it means ${isWorld(from) ? 'everyone' : `${meant} addresses`}, and ${peersText(used)} used it`);
  if (ports >= BROAD_PORTS && ports > used.ports.size * 2) parts.push(`it means ${ports} ports, and ${used.ports.size === 1 ? `port ${[...used.ports].join('')} was` : `${used.ports.size} were`} used`);
  return parts.length === 0 ? null : `${parts.join('; ').replace(/^i/, 'I')}.`;
}
