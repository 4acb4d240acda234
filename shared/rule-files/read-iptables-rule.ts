import type { Family } from '../net/address.ts';
import { makeMatch, type MatchContext, OPTION_VALUES } from './iptables-matches.ts';
import { type ReadRule, rewriteAction } from './read-nft-rule.ts';
import type { Action, Condition } from './rule-file.ts';
import { splitShellWords } from './shell-words.ts';

/** Targets after which the next rule is asked (iptables-extensions(8)). */
const NOTED = new Set(['LOG', 'NFLOG', 'ULOG', 'MARK', 'CONNMARK', 'TCPMSS', 'NOTRACK', 'CT', 'SET', 'AUDIT', 'TRACE', 'CHECKSUM', 'CLASSIFY', 'DSCP', 'TOS', 'TTL', 'HL', 'SECMARK', 'CONNSECMARK', 'TEE', 'IDLETIMER', 'LED', 'RATEEST', 'TCPOPTSTRIP', 'HMARK', 'ECN']);
const VERDICTS = new Set(['ACCEPT', 'DROP', 'REJECT', 'RETURN']);
const REWRITES: Readonly<Record<string, string>> = { DNAT: 'dnat', REDIRECT: 'redirect', NETMAP: 'dnat', SNAT: 'snat', MASQUERADE: 'masquerade', TPROXY: 'tproxy' };
const unknown = (reason: string): Condition => ({ kind: 'unknown', reason });

/** One line of iptables-save, from `-A` or `[packets:bytes] -A` on. */
export function readIptablesRule(text: string, family: Family, hasChain: (name: string) => boolean): ReadRule {
  const counted = /^\[(\d{1,15}):\d+\]\s+/.exec(text);
  const packets = counted === null ? null : Number(counted[1]);
  const words = splitShellWords(text.slice(counted?.[0].length ?? 0));
  if (words === null) return { decisions: [{ conditions: [unknown('a quote that does not end')], action: { kind: 'unknown', reason: 'a quote that does not end' } }], packets };
  const conditions: Condition[] = [{ kind: 'family', family, not: false }];
  const context: MatchContext = { family, protocol: protocolOf(words) };
  let target: { name: string; isGoto: boolean } | null = null;
  let not = false;
  for (let at = /^\d+$/.test(words[2] ?? '') ? 3 : 2; at < words.length; ) {
    const option = words[at] ?? '';
    if (option === '!') {
      not = true;
      at += 1;
      continue;
    }
    if (option === '-j' || option === '--jump' || option === '-g' || option === '--goto') {
      target = { name: words[at + 1] ?? '', isGoto: option === '-g' || option === '--goto' };
      // Conditions may follow a verdict or a chain; what follows any other target are its own words.
      if (!VERDICTS.has(target.name) && !hasChain(target.name)) break;
      at += 2;
      continue;
    }
    const count = Object.hasOwn(OPTION_VALUES, option) ? (OPTION_VALUES[option] ?? null) : null;
    const isOldNot = count !== null && count > 0 && words[at + 1] === '!';
    const values = words.slice(at + (isOldNot ? 2 : 1), at + (isOldNot ? 2 : 1) + (count ?? 0));
    const made = count === null ? unknown(`“${option}” is not modelled`) : makeMatch(option, values, not !== isOldNot, context);
    if (made !== null) conditions.push(...(Array.isArray(made) ? made : [made]));
    at += 1 + (isOldNot ? 1 : 0) + (count ?? wordsUntilOption(words, at + 1));
    not = false;
  }
  return { decisions: [{ conditions, action: isUntracking(target, words) && !hasChain(target?.name ?? '') ? { kind: 'untrack' } : readTarget(target, hasChain) }], packets };
}

const isUntracking = (target: { name: string } | null, words: readonly string[]): boolean => target?.name === 'NOTRACK' || (target?.name === 'CT' && words.includes('--notrack'));

/** Of an option that is not known: its values are the words up to the next option. */
function wordsUntilOption(words: readonly string[], from: number): number {
  const next = words.findIndex((word, at) => at >= from && (word.startsWith('-') || word === '!'));
  return (next < 0 ? words.length : next) - from;
}

function protocolOf(words: readonly string[]): string | null {
  const at = words.findIndex((word) => word === '-p' || word === '--protocol');
  return at < 0 ? null : (words[words[at + 1] === '!' ? at + 2 : at + 1] ?? null);
}

function readTarget(target: { name: string; isGoto: boolean } | null, hasChain: (name: string) => boolean): Action {
  if (target === null) return { kind: 'pass' };
  const { name, isGoto } = target;
  if (Object.hasOwn(REWRITES, name)) return rewriteAction(REWRITES[name] ?? '');
  switch (name) {
    case 'ACCEPT':
      return { kind: 'accept' };
    case 'DROP':
    case 'REJECT':
      return { kind: 'drop' };
    case 'RETURN':
      return { kind: 'return' };
    case 'QUEUE':
    case 'NFQUEUE':
      return { kind: 'unknown', reason: `a program decides (${name})` };
    default:
      if (NOTED.has(name) && !hasChain(name)) return { kind: 'pass' };
      return { kind: isGoto ? 'goto' : 'jump', chain: name };
  }
}
