import { impliedBy, makeCondition } from './make-condition.ts';
import type { NftSet } from './nft-elements.ts';
import { isObject, type JsonObject, readJsonElement, readJsonTuple, readJsonVerdict, readJsonWord } from './read-json-value.ts';
import { type ReadRule, rewriteAction, whyUnknownSet, wildLast } from './read-nft-rule.ts';
import type { Condition } from './rule-file.ts';
import { makeFlags, readFlags } from './tcp-flags.ts';

type FindSet = (name: string) => NftSet | undefined;
type Decisions = ReadRule['decisions'];

const unknown = (reason: string): Condition => ({ kind: 'unknown', reason });
const REWRITES = /^(dnat|snat|masquerade|redirect|fwd|tproxy|synproxy)$/;
const SIDE_EFFECTS = /^(log|mangle|dup|comment|meter|ct helper|ct timeout|ct expectation|flow|secmark|last)$/;

/** One rule's expressions, as `readNftRule` reads its text. */
export function readJsonRule(expressions: readonly unknown[], findSet: FindSet): ReadRule {
  const conditions: Condition[] = [];
  let packets: number | null = null;
  let before: Decisions = [];
  const finish = (ends: Decisions): ReadRule => ({ decisions: [...before, ...ends.map((end) => ({ conditions: [...conditions, ...end.conditions], action: end.action }))], packets });
  for (const expression of expressions) {
    const verdict = readJsonVerdict(expression);
    if (verdict !== null) return finish([{ conditions: [], action: verdict }]);
    const [word = '', body] = isObject(expression) ? (Object.entries(expression)[0] ?? []) : [];
    if (REWRITES.test(word)) return finish([{ conditions: [], action: rewriteAction(word) }]);
    if (word === 'vmap' && isObject(body)) return finish(readMap(body, findSet));
    if (word === 'match' && isObject(body)) conditions.push(...readMatch(body, findSet));
    else if (word === 'counter') packets = isObject(body) && typeof body.packets === 'number' ? body.packets : null;
    else if (word === 'notrack') before = [{ conditions: [...conditions], action: { kind: 'untrack' } }];
    else if (word === 'limit') conditions.push(unknown('a limit of how often (limit)'));
    else if (word === 'set' && isObject(body)) conditions.push(unknown(`whether the set ${readJsonWord(body.set)} had room`));
    else if (!SIDE_EFFECTS.test(word)) conditions.push(unknown(`“${word}” is not modelled`));
  }
  return finish([{ conditions: [], action: { kind: 'pass' } }]);
}

/** The words of a field as text has them; null for what has no model. */
function fieldOf(left: unknown): string | null {
  if (!isObject(left)) return null;
  const { payload, meta, ct, fib } = left;
  if (isObject(payload) && typeof payload.protocol === 'string' && typeof payload.field === 'string') return `${payload.protocol} ${payload.field}`;
  if (isObject(meta) && typeof meta.key === 'string') return `meta ${meta.key}`;
  if (isObject(ct) && typeof ct.key === 'string') return ct.dir === undefined ? `ct ${ct.key}` : `ct ${readJsonWord(ct.dir)} ${ct.key}`;
  if (isObject(fib) && fib.result === 'type') return readJsonFlags(fib.flags) === 'daddr' ? 'fib daddr type' : `fib ${readJsonFlags(fib.flags)} type`;
  return null;
}

const readJsonFlags = (flags: unknown): string => (Array.isArray(flags) ? flags.map(readJsonWord).join(' . ') : readJsonWord(flags));

function fieldsOf(left: unknown): string[] | null {
  const parts: readonly unknown[] = isObject(left) && Array.isArray(left.concat) ? left.concat : [left];
  const fields = parts.flatMap((part) => fieldOf(part) ?? []);
  return fields.length === parts.length ? fields : null;
}

function readMatch({ op, left, right }: JsonObject, findSet: FindSet): Condition[] {
  const flags = readFlagMatch(op, left, right);
  if (flags !== null) return flags;
  const fields = fieldsOf(left);
  const ordered = typeof op === 'string' && /^[<>]=?$/.test(op) && fields?.length === 1 && / [sd]port$/.test(fields[0] ?? '') && typeof right === 'number';
  if (ordered && fields !== null) return [makeOrdered(fields, op, right)];
  if (fields === null || (op !== '==' && op !== '!=' && op !== 'in')) return [unknown(`“${fields?.join(' . ') ?? 'a comparison'} ${typeof op === 'string' ? op : ''}” is not modelled`)];
  const tuples = readTuples(right, findSet);
  return typeof tuples === 'string' ? [...impliedBy(fields), unknown(tuples)] : [makeCondition({ fields, not: op === '!=', tuples })];
}

function makeOrdered(fields: readonly string[], op: string, bound: number): Condition {
  const [from, to] = op.startsWith('<') ? [0, op === '<' ? bound - 1 : bound] : [op === '>' ? bound + 1 : bound, 65_535];
  return from > to ? { kind: 'always', holds: false } : makeCondition({ fields, not: false, tuples: [[`${from}-${to}`]] });
}

/** The values, or why they are not known. */
function readTuples(right: unknown, findSet: FindSet): string[][] | string {
  if (typeof right === 'string' && right.startsWith('@')) {
    const set = findSet(right.slice(1));
    return whyUnknownSet(right, set) ?? set?.elements.map(({ values }) => [...values]) ?? [];
  }
  if (Array.isArray(right)) return right.map(readJsonTuple);
  if (isObject(right) && right.set !== undefined) return Array.isArray(right.set) ? right.set.map(readJsonTuple) : [readJsonTuple(right.set)];
  return [readJsonTuple(right)];
}

function readMap({ key, data }: JsonObject, findSet: FindSet): Decisions {
  const named = typeof data === 'string' && data.startsWith('@') ? data : null;
  const set = named === null ? undefined : findSet(named.slice(1));
  const missing = named === null ? null : whyUnknownSet(named, set);
  const fields = fieldsOf(key);
  if (missing !== null) return [{ conditions: [...impliedBy(fields ?? []), unknown(missing)], action: { kind: 'unknown', reason: missing } }];
  const elements = set?.elements ?? (isObject(data) && Array.isArray(data.set) ? data.set.map(readJsonElement) : []);
  return wildLast(elements).map(({ values, action }) => ({
    conditions: [fields === null ? unknown('what the verdict map compares is not modelled') : makeCondition({ fields, not: false, tuples: [values] })],
    action: action ?? { kind: 'unknown', reason: 'a map without a verdict' },
  }));
}

/** Null where it is not about flags of TCP. */
function readFlagMatch(op: unknown, left: unknown, right: unknown): Condition[] | null {
  const masked = isObject(left) && Array.isArray(left['&']) ? left['&'] : null;
  if (fieldOf(masked === null ? left : masked[0]) !== 'tcp flags') return null;
  const [mask, wanted] = [masked === null ? null : readFlags(flagNames(masked[1])), readFlags(flagNames(right))];
  if (wanted === null || (masked !== null && mask === null)) return [unknown('“tcp flags” is compared with what was not understood')];
  if (masked === null) return op === 'in' ? makeFlags(null, wanted, false) : makeFlags(255, wanted, op === '!=');
  return makeFlags(mask, wanted, op === '!=');
}

/** `syn`, `["fin","syn"]`, `{ "|": ["fin", { "|": […] }] }`. */
function flagNames(value: unknown, depth = 0): string[] {
  if (Array.isArray(value) && depth < 10) return value.flatMap((one) => flagNames(one, depth + 1));
  if (isObject(value) && Array.isArray(value['|']) && depth < 10) return flagNames(value['|'], depth + 1);
  return [typeof value === 'string' ? value : textOfOther(value)];
}

const textOfOther = (value: unknown): string => (value === 0 ? 'none' : '?');
