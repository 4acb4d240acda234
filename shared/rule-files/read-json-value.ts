import type { NftElement } from './nft-elements.ts';
import type { Action } from './rule-file.ts';

export type JsonObject = { readonly [key: string]: unknown };
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const MAX_TEXT = 400;
/** A piece of the document as it stands there, cut. */
export function textOf(value: unknown): string {
  return (JSON.stringify(value) ?? '').slice(0, MAX_TEXT);
}

/** One value as text has it: a word, `a/8`, `a-b`; what is none of these becomes its JSON, which no field understands. */
export function readJsonWord(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (isObject(value)) {
    if (isObject(value.prefix)) return `${readJsonWord(value.prefix.addr)}/${readJsonWord(value.prefix.len)}`;
    if (Array.isArray(value.range)) return value.range.map(readJsonWord).join('-');
    if (isObject(value.elem)) return readJsonWord(value.elem.val);
  }
  return textOf(value);
}

/** The values of one element: several where it is a concatenation. */
export function readJsonTuple(value: unknown): string[] {
  const inner = isObject(value) && isObject(value.elem) ? value.elem.val : value;
  return isObject(inner) && Array.isArray(inner.concat) ? inner.concat.map(readJsonWord) : [readJsonWord(inner)];
}

/** An element of a set; of a map it is a pair with a verdict. */
export function readJsonElement(value: unknown): NftElement {
  if (!Array.isArray(value)) return { values: readJsonTuple(value), action: null };
  const pair: readonly unknown[] = value;
  return { values: readJsonTuple(pair[0]), action: readJsonVerdict(pair[1]) };
}

/** `{ accept: null }`, `{ jump: { target } }`; null for what is no verdict. */
export function readJsonVerdict(value: unknown): Action | null {
  if (!isObject(value)) return null;
  const [word = '', data] = Object.entries(value)[0] ?? [];
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
      return { kind: word };
    case 'reject':
      return { kind: 'drop' };
    case 'continue':
      return { kind: 'pass' };
    case 'queue':
      return { kind: 'unknown', reason: 'a program decides (queue)' };
    case 'jump':
    case 'goto':
      return { kind: word, chain: isObject(data) && typeof data.target === 'string' ? data.target : '' };
    default:
      return null;
  }
}
