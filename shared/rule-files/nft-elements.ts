import { closingPlace, type NftToken } from './nft-tokens.ts';
import type { Action } from './rule-file.ts';

/** `action` null: an element of a set, or of a map whose data is no verdict. */
export type NftElement = { readonly values: readonly string[]; readonly action: Action | null };
/** `isDynamic`: traffic fills it. Elements of a map have verdicts. */
export type NftSet = { readonly name: string; readonly isDynamic: boolean; readonly isMap: boolean; elements: NftElement[] };

/** A file does not make us keep more. */
export const MAX_ELEMENTS = 200_000;

/** Elements between the braces of which the first is at `from`; those of nested braces (a variable in a set) are elements too. */
export function readElements(tokens: readonly NftToken[], from: number): NftElement[] {
  const end = closingPlace(tokens, from);
  const elements: NftElement[] = [];
  let start = from + 1;
  for (let at = start; at < end; at++) {
    const token = tokens[at];
    if (token?.kind !== 'mark' || !/[{},]/.test(token.text)) continue;
    const element = readElement(tokens.slice(start, at).filter(({ kind }) => kind !== 'end'));
    if (element !== null && elements.length < MAX_ELEMENTS) elements.push(element);
    // Without it, those that were not kept would count as not being in the set.
    else if (element !== null && elements.length === MAX_ELEMENTS) elements.push({ values: ['…'], action: { kind: 'unknown', reason: `it has more than ${MAX_ELEMENTS} elements` } });
    start = at + 1;
  }
  return elements;
}

/** `10.0.0.1 . tcp timeout 5m : accept`; null where nothing stands. */
function readElement(tokens: readonly NftToken[]): NftElement | null {
  if (tokens.length === 0) return null;
  const values: string[] = [];
  let action: Action | null = null;
  let wantsValue = true;
  for (let at = 0; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? { kind: 'end', text: '' };
    const glued = kind === 'word' ? /^(.+):(accept|drop|return|continue|jump|goto)$/.exec(text) : null;
    if (text === ':' || glued !== null) {
      if (glued !== null) values.push(glued[1] ?? '');
      action = readVerdict(glued === null ? tokens.slice(at + 1) : [{ kind: 'word', text: glued[2] ?? '', line: 0 }, ...tokens.slice(at + 1)]);
      break;
    }
    if (text === '.' && kind === 'word') wantsValue = true;
    else if (text === '-' && kind === 'word') {
      values.push(`${values.pop() ?? ''}-${tokens[at + 1]?.text ?? ''}`);
      at += 1;
    } else if (wantsValue) {
      values.push(text);
      wantsValue = false;
    } else {
      // timeout, expires, counter, comment: what an element carries beside its value.
      at = tokens.findIndex((token, place) => place >= at && token.text === ':') - 1;
      if (at < 0) break;
    }
  }
  return { values, action };
}

/** The verdict that these tokens begin with; null where they begin with something else. */
export function readVerdict(tokens: readonly NftToken[]): Action | null {
  const [word, target] = tokens;
  if (word?.kind !== 'word') return null;
  switch (word.text) {
    case 'accept':
    case 'drop':
    case 'return':
      return { kind: word.text };
    case 'reject':
      return { kind: 'drop' };
    case 'continue':
      return { kind: 'pass' };
    case 'queue':
      return { kind: 'unknown', reason: 'a program decides (queue)' };
    case 'jump':
    case 'goto':
      return target === undefined || target.kind === 'end' ? { kind: 'unknown', reason: `${word.text} to no chain` } : { kind: word.text, chain: target.text };
    default:
      return null;
  }
}
