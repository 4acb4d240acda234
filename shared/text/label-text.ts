import type { z } from 'zod';
import { BUILT_IN_LABEL_KEYS, LabelKey, type Labels, LabelValue } from '../model/label.ts';
import { collectParsed, failed, failedWith, type Parsed, parsed, type Piece } from './parsed.ts';

/** Reads `role=web,app=shop` (commas or white space between). Empty text is no labels. A key twice is an issue. */
export const parseLabels = (text: string): Parsed<Labels> => parseKeyValues(text, LabelValue);

/** The same with other values than those of a host: `Value` says what they may be. */
export function parseKeyValues(text: string, Value: z.ZodType<string>): Parsed<Record<string, string>> {
  const pieces: Piece[] = [...text.matchAll(/[^,\s]+/g)].map((match) => ({ text: match[0], offset: match.index }));
  const pairs = collectParsed(pieces.map((piece) => parsePair(piece, Value)));
  if (!pairs.ok) return pairs;
  const labels = new Map<string, string>();
  const twice: Piece[] = [];
  pairs.value.forEach(([key, value], i) => {
    if (labels.has(key)) twice.push({ text: key, offset: pieces[i]?.offset ?? 0 });
    labels.set(key, value);
  });
  if (twice.length > 0)
    return failedWith(twice.flatMap((piece) => failed(`the key “${piece.text}” is given twice; a host has one value a key`, piece.offset + 1).issues));
  return parsed(Object.fromEntries(labels));
}

/** `role=web,app=shop`: built-in keys first, the rest by name. */
export const printLabels = (labels: Labels): string =>
  sortLabelKeys(Object.keys(labels))
    .map((key) => `${key}=${labels[key]}`)
    .join(',');

const KNOWN_FIRST: readonly string[] = BUILT_IN_LABEL_KEYS;

/** Built-in keys in their own order, then the others by code point. */
export function sortLabelKeys(keys: readonly string[]): string[] {
  const rank = (key: string) => {
    const index = KNOWN_FIRST.indexOf(key);
    return index < 0 ? KNOWN_FIRST.length : index;
  };
  return [...keys].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0));
}

function parsePair(piece: Piece, Value: z.ZodType<string>): Parsed<[string, string]> {
  const at = piece.text.indexOf('=');
  if (at < 0) return failed(`“${piece.text}” is not a label; write key=value, like role=web`, piece.offset + 1);
  const key = LabelKey.safeParse(piece.text.slice(0, at));
  const value = Value.safeParse(piece.text.slice(at + 1));
  const aboutKey = key.success ? [] : failed(`“${piece.text.slice(0, at)}”: ${key.error.issues[0]?.message}`, piece.offset + 1).issues;
  const aboutValue = value.success ? [] : failed(`“${piece.text.slice(at + 1)}”: ${value.error.issues[0]?.message}`, piece.offset + at + 2).issues;
  return key.success && value.success ? parsed([key.data, value.data]) : failedWith([...aboutKey, ...aboutValue]);
}
