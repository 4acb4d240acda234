import { isAllPorts, LAST_PORT, toPortSet } from '../net/port-set.ts';
import type { Grants } from '../rule-files/list-grants.ts';
import { isInbound } from '../rule-files/rule-book.ts';
import { type Condition, chainId, type ForeignChain, type ForeignRule, type RuleFile } from '../rule-files/rule-file.ts';
import { isWorld, serviceText } from './admitted.ts';
import type { OfflineFinding, OfflineHost } from './offline-audit.ts';
import type { FlowUse } from './flow-use.ts';

/** What the rules of one host say by themselves, and by the flows that ended there. */
export function findInRules(host: OfflineHost, grants: Grants, use: FlowUse): OfflineFinding[] {
  if (host.files.length === 0) return [];
  const about = { host: host.name, connections: 0 };
  const place = (path: string, { line, text }: ForeignRule) => ({ path, line, text });
  const found: OfflineFinding[] = [];
  if (refusesNothing(grants)) found.push({ ...about, code: 'NOTHING_REFUSED', subject: host.name, sentence: 'Every connection to it is let in: no rule and no policy refuses any. Whatever listens there is open to whoever reaches it.', rule: null });
  else found.push(...findOpen(host, grants, use));
  for (const { path, rules } of host.files) {
    const judged = judgedRules(rules);
    const siblings = bySourceLine(judged);
    for (const rule of judged) {
      if (rule.action.kind === 'accept' && rule.conditions.some(({ kind }) => kind === 'sourcePort') && !rule.conditions.some(({ kind }) => kind === 'port')) {
        found.push({ ...about, code: 'TRUSTS_SENDER_PORT', subject: rule.text, sentence: 'It lets in by the port that a packet comes from, which the sender chooses: whoever is meant by the rest of it reaches every port.', rule: place(path, rule) });
      }
      // The first asks for all of its line: a verdict map has thousands in one.
      if (grants.isWhole && siblings(rule)[0] === rule && siblings(rule).every((one) => !grants.deciding.has(one))) found.push({ ...about, code: 'RULE_NEVER_DECIDES', subject: rule.text, sentence: 'Rules before it decide about everything that it matches. It can be taken out, or it stands in the wrong place.', rule: place(path, rule) });
    }
  }
  return found;
}

/** Everyone reaches every port of TCP and of UDP, whatever rules name besides. */
function refusesNothing({ grants, isWhole }: Grants): boolean {
  const openPorts = (protocol: number) => toPortSet(grants.flatMap((grant) => (grant.protocol === protocol && grant.isSure && isWorld(grant.from) ? [grant.ports ?? { from: 0, to: LAST_PORT }] : [])));
  return isWhole && [6, 17].every((protocol) => isAllPorts(openPorts(protocol)));
}

function findOpen(host: OfflineHost, { grants }: Grants, use: FlowUse): OfflineFinding[] {
  // ICMP is open nearly everywhere, and has to be in part.
  const open = grants.filter(({ protocol, from, isSure }) => isSure && protocol !== null && ![1, 58].includes(protocol) && isWorld(from));
  const services = new Map(open.map((grant) => [serviceText(grant.protocol, grant.ports), grant]));
  return [...services].map(([subject, grant]): OfflineFinding => {
    const used = use.connectionsTo(grant.protocol ?? 0, grant.ports);
    const rule = grant.deciders.find((decider) => decider.rule !== null);
    const about = { host: host.name, subject, connections: used, rule: rule?.rule ? { path: host.files[rule.file]?.path ?? '', line: rule.rule.line, text: rule.rule.text } : null };
    if (use.flows === 0) return { ...about, code: 'OPEN_TO_ALL', sentence: `Everyone who reaches the host may connect. No log tells whether anybody does.` };
    if (used === 0) return { ...about, code: 'OPEN_TO_ALL_UNUSED', sentence: `Everyone who reaches the host may connect, and no flow of the logs did. Close it, or name who needs it.` };
    return { ...about, code: 'OPEN_TO_ALL', sentence: `Everyone who reaches the host may connect; ${used} connections did.` };
  });
}

/** Rules that give a verdict about new connections to the host: those that only let established ones on, or only loopback, are none of these. */
export function judgedRules(file: RuleFile): ForeignRule[] {
  const reached = new Set<ForeignChain>([...file.chains.values()].filter(isInbound));
  for (const chain of reached) {
    for (const { action } of chain.rules) {
      const target = action.kind === 'jump' || action.kind === 'goto' ? file.chains.get(chainId(chain.family, chain.table, action.chain)) : undefined;
      if (target !== undefined) reached.add(target);
    }
  }
  return [...reached].flatMap(({ rules }) => rules.filter(({ action, conditions }) => (action.kind === 'accept' || action.kind === 'drop') && !conditions.some(neverHolds)));
}

/** The decisions that one line of a file makes: several where it has a verdict map. */
export function bySourceLine(rules: readonly ForeignRule[]): (rule: ForeignRule) => readonly ForeignRule[] {
  const lines = new Map<number, ForeignRule[]>();
  for (const rule of rules) {
    const line = lines.get(rule.line);
    if (line === undefined) lines.set(rule.line, [rule]);
    else line.push(rule);
  }
  return ({ line }) => lines.get(line) ?? [];
}

const neverHolds = (condition: Condition): boolean => (condition.kind === 'always' || condition.kind === 'tracked') && !condition.holds;
/** Names nobody and nothing: the same as a policy. */
export const isCatchAll = ({ conditions }: ForeignRule): boolean => conditions.every(({ kind }) => kind === 'always' || kind === 'tracked' || kind === 'family');
