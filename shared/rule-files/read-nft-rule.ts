import { type Comparison, impliedBy, makeCondition } from './make-condition.ts';
import { type NftElement, type NftSet, readElements, readVerdict } from './nft-elements.ts';
import { findField } from './nft-fields.ts';
import { closingPlace, type NftToken } from './nft-tokens.ts';
import { type Action, type Condition, sentElsewhere } from './rule-file.ts';
import { makeFlags, readFlags } from './tcp-flags.ts';

/** One rule as it decides: several where a verdict map stands, since each of its elements decides by itself. */
export type ReadRule = { readonly decisions: readonly { readonly conditions: readonly Condition[]; readonly action: Action }[]; readonly packets: number | null };

type State = { readonly tokens: readonly NftToken[]; readonly words: readonly (string | null)[]; at: number; conditions: Condition[]; packets: number | null; isLost: boolean; before: ReadRule['decisions'] };
type FindSet = (name: string) => NftSet | undefined;

const REWRITES = new Set(['dnat', 'snat', 'masquerade', 'redirect', 'tproxy', 'fwd', 'synproxy']);
/** No rule that somebody wrote has more. */
const MAX_STATEMENTS = 200;
const unknown = (reason: string): Condition => ({ kind: 'unknown', reason });

/**
 * Reads the statements of one rule. What is not understood makes the rule one that may hold or not, and nothing after it in the rule is taken as a condition: only its verdict is.
 */
export function readNftRule(tokens: readonly NftToken[], findSet: FindSet): ReadRule {
  const state: State = { tokens, words: tokens.map(({ kind, text }) => (kind === 'word' ? text : null)), at: 0, conditions: [], packets: null, isLost: false, before: [] };
  for (let statements = 0; state.at < tokens.length; statements++) {
    if (statements === MAX_STATEMENTS) lose(state, `the rule has more than ${MAX_STATEMENTS} parts`);
    const verdict = readVerdict(tokens.slice(state.at, state.at + 2));
    if (verdict !== null) return finish(state, [{ conditions: [], action: verdict }]);
    const token = tokens[state.at];
    if (token?.kind === 'word' && REWRITES.has(token.text)) return finish(state, [{ conditions: [], action: rewriteAction(token.text) }]);
    if (token?.text === 'vmap') return finish(state, readMap(state, { fields: [] }, findSet));
    if (state.isLost) skipOne(state);
    else if (!skipSideEffect(state)) {
      const decided = readComparison(state, findSet);
      if (decided !== null) return finish(state, decided);
    }
  }
  return finish(state, [{ conditions: [], action: { kind: 'pass' } }]);
}

/** What a statement decides that rewrites a packet, as text and JSON of nft name it. */
export function rewriteAction(how: string): Action {
  if (how === 'dnat' || how === 'redirect') return sentElsewhere(how);
  return how === 'tproxy' || how === 'synproxy' ? { kind: 'unknown', reason: `${how} decides` } : { kind: 'accept' };
}

function finish({ conditions, packets, before }: State, ends: ReadRule['decisions']): ReadRule {
  return { decisions: [...before, ...ends.map((end) => ({ conditions: [...conditions, ...end.conditions], action: end.action }))], packets };
}

const textAt = ({ tokens, at }: State, ahead = 0): string => tokens[at + ahead]?.text ?? '';
const skipOne = (state: State): void => {
  state.at = textAt(state) === '{' || textAt(state) === '(' ? closingPlace(state.tokens, state.at) : state.at + 1;
};

function lose(state: State, reason: string): null {
  if (!state.isLost) state.conditions.push(unknown(reason));
  state.isLost = true;
  return null;
}

/** Statements that decide nothing. True where one was there. */
function skipSideEffect(state: State): boolean {
  switch (textAt(state)) {
    case 'counter':
      state.at += 1;
      if (textAt(state) === 'name') state.at += 2;
      else if (textAt(state) === 'packets') {
        const packets = Number(textAt(state, 1));
        state.packets = Number.isSafeInteger(packets) && packets >= 0 ? packets : null;
        state.at += 4;
      }
      return true;
    case 'comment':
      state.at += 2;
      return true;
    case 'notrack':
      state.before = [{ conditions: [...state.conditions], action: { kind: 'untrack' } }];
      state.at += 1;
      return true;
    case 'log':
      state.at += 1;
      while (/^(prefix|level|flags|group|snaplen|queue-threshold)$/.test(textAt(state))) state.at += textAt(state) === 'flags' && /^(tcp|ip)$/.test(textAt(state, 1)) ? 3 : 2;
      return true;
    case 'limit':
      skipLimit(state);
      return true;
    default:
      return skipChange(state);
  }
}

function skipLimit(state: State): void {
  state.conditions.push(unknown('a limit of how often (limit)'));
  state.at += textAt(state, 1) === 'rate' ? 2 : 1;
  if (textAt(state) === 'over') state.at += 1;
  state.at += textAt(state, 1).includes('/') && !textAt(state).includes('/') ? 2 : 1;
  if (textAt(state) === 'burst') state.at += 3;
}

/** `meta mark set 1`, `dup to 10.0.0.1`, `update @set { … }`: something is written down and the packet goes on. */
function skipChange(state: State): boolean {
  if (/^(add|update|delete)$/.test(textAt(state)) && textAt(state, 1).startsWith('@')) {
    state.conditions.push(unknown(`whether the set ${textAt(state, 1)} had room`));
    state.at = closingPlace(state.tokens, state.at + 2);
    return true;
  }
  const setAt = [1, 2].find((ahead) => textAt(state, ahead) === 'set');
  // `dup to …` sends a copy.
  if (textAt(state) !== 'dup' && (setAt === undefined || findField(state.words, state.at) === null)) return false;
  state.at += (setAt ?? 0) + 1;
  const rest = state.tokens.findIndex((_, at) => at >= state.at && (readVerdict(state.tokens.slice(at, at + 1)) !== null || /^(counter|comment|log)$/.test(state.tokens[at]?.text ?? '')));
  state.at = rest < 0 ? state.tokens.length : rest;
  return true;
}

/** A comparison, which becomes a condition; or, with `vmap`, the decisions that end the rule. */
function readComparison(state: State, findSet: FindSet): ReadRule['decisions'] | null {
  const fields: string[] = [];
  const begin = state.at;
  for (;;) {
    const found = findField(state.words, state.at);
    if (found === null) return lose(state, `“${state.tokens.slice(begin, begin + 3).map(({ text }) => text).join(' ')}” is not modelled`);
    fields.push(found.field);
    state.at += found.words;
    if (textAt(state) !== '.') break;
    state.at += 1;
  }
  if (textAt(state) === 'vmap') return readMap(state, { fields }, findSet);
  if (fields.length === 1 && fields[0] === 'tcp flags') return readFlagTest(state);
  const operator = textAt(state);
  if (/^(<|>|<=|>=|&|\||\^|<<|>>|and|or)$/.test(operator)) return readOrdered(state, fields, operator);
  const not = operator === '!=';
  if (not || operator === '==') state.at += 1;
  const tuples = readTuples(state, findSet);
  state.conditions.push(...(typeof tuples === 'string' ? [...impliedBy(fields), unknown(tuples)] : [makeCondition({ fields, not, tuples })]));
  return null;
}

/** `tcp dport > 1023`; other calculations are not modelled. */
function readOrdered(state: State, fields: readonly string[], operator: string): null {
  const bound = textAt(state, 1);
  const limit = /^\d{1,5}$/.test(bound) ? Number(bound) : null;
  if (fields.length !== 1 || !/ [sd]port$/.test(fields[0] ?? '') || limit === null || !/^[<>]=?$/.test(operator)) return lose(state, `“${fields.join(' . ')} ${operator}” is not modelled`);
  state.at += 2;
  const [from, to] = operator.startsWith('<') ? [0, operator === '<' ? limit - 1 : limit] : [operator === '>' ? limit + 1 : limit, 65_535];
  state.conditions.push(from > to ? { kind: 'always', holds: false } : makeCondition({ fields, not: false, tuples: [[`${from}-${to}`]] }));
  return null;
}

/** Values up to the next statement: a set in braces, a named set, or words with commas between them. Text: why it is not known who is in it. */
function readTuples(state: State, findSet: FindSet): Comparison['tuples'] | string {
  const text = textAt(state);
  if (text === '{') {
    const elements = readElements(state.tokens, state.at);
    state.at = closingPlace(state.tokens, state.at);
    return elements.map(({ values }) => values);
  }
  if (text.startsWith('@') && text.length > 1) {
    state.at += 1;
    const set = findSet(text.slice(1));
    return whyUnknownSet(text, set) ?? set?.elements.map(({ values }) => values) ?? [];
  }
  const tuple = [readWord(state)];
  while (textAt(state) === '.') {
    state.at += 1;
    tuple.push(readWord(state));
  }
  const tuples = [tuple];
  while (tuple.length === 1 && textAt(state) === ',') {
    state.at += 1;
    tuples.push([readWord(state)]);
  }
  return tuples;
}

/** As the kernel asks them: what stands for all others comes last, wherever it is written. */
export const wildLast = (elements: readonly NftElement[]): NftElement[] => [...elements].sort((a, b) => Number(a.values[0] === '*') - Number(b.values[0] === '*'));

/** Null where its elements are known. */
export function whyUnknownSet(text: string, set: NftSet | undefined): string | null {
  if (set === undefined) return `the set ${text} is not in the file`;
  if (set.isDynamic) return `traffic fills the set ${text}`;
  return set.elements.length === 0 ? `the set ${text} has no elements in the file` : null;
}

function readWord(state: State): string {
  const text = textAt(state);
  state.at += 1;
  if (textAt(state) !== '-' || state.tokens[state.at]?.kind !== 'word') return text;
  state.at += 2;
  return `${text}-${textAt(state, -1)}`;
}

/** `vmap { … }` or `vmap @name`; without fields, what is compared was not understood. */
function readMap(state: State, { fields }: { fields: readonly string[] }, findSet: FindSet): ReadRule['decisions'] {
  state.at += 1;
  const name = textAt(state);
  const set = name.startsWith('@') ? findSet(name.slice(1)) : undefined;
  const missing = name.startsWith('@') ? whyUnknownSet(name, set) : null;
  if (missing !== null) return [{ conditions: [...impliedBy(fields), unknown(missing)], action: { kind: 'unknown', reason: missing } }];
  const elements: readonly NftElement[] = set?.elements ?? readElements(state.tokens, state.at);
  const conditionOf = (values: readonly string[]): Condition => (fields.length === 0 ? unknown('what the verdict map compares is not modelled') : makeCondition({ fields, not: false, tuples: [values] }));
  const decisions = wildLast(elements).map(({ values, action }) => ({ conditions: [conditionOf(values)], action: action ?? ({ kind: 'unknown', reason: 'a map without a verdict' } as const) }));
  return decisions.length === 0 ? [{ conditions: [], action: { kind: 'pass' } }] : decisions;
}

const FLAG_WORD = /^(fin|syn|rst|psh|ack|urg|ecn|ece|cwr|\/)$/;

/** `tcp flags syn / fin,syn,rst,ack`, `tcp flags & (fin | syn) == syn`, `tcp flags syn`, `tcp flags != syn`. */
function readFlagTest(state: State): null {
  const begin = state.at;
  while (state.tokens[state.at]?.kind === 'mark' || FLAG_WORD.test(textAt(state))) state.at += 1;
  const part = state.tokens.slice(begin, Math.min(state.at, begin + 40)).map(({ text }) => text).join(' ');
  const made = parseFlagTest(part);
  if (made === null) return lose(state, `“tcp flags ${part}” is not modelled`);
  state.conditions.push(...made);
  return null;
}

function parseFlagTest(part: string): Condition[] | null {
  const masked = /^& ([^=!&{}/]+) (==|!=) ([^=!&{}/]+)$/.exec(part);
  const slashed = /^(!= |== )?([^/&=!{}]+) \/ ([^/&=!{}]+)$/.exec(part);
  const plain = /^(!= |== )?([^/&=!{}]+)$/.exec(part);
  if (masked !== null) return flagCondition(masked[1] ?? '', masked[3] ?? '', masked[2] === '!=');
  if (slashed !== null) return flagCondition(slashed[3] ?? '', slashed[2] ?? '', slashed[1] === '!= ');
  if (plain === null) return null;
  // Without an operator any of them suffices; with one they are all, and no others.
  return flagCondition(plain[1] === undefined ? null : 'fin,syn,rst,psh,ack,urg,ece,cwr', plain[2] ?? '', plain[1] === '!= ');
}

function flagCondition(mask: string | null, wanted: string, not: boolean): Condition[] | null {
  const [maskBits, wantedBits] = [mask === null ? null : readFlags(namesIn(mask)), readFlags(namesIn(wanted))];
  if (wantedBits === null || (mask !== null && maskBits === null)) return null;
  return makeFlags(maskBits, wantedBits, not);
}

const namesIn = (text: string): string[] => text.split(/[\s,|()]+/).filter((name) => name !== '');
