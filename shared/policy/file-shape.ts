import type { z } from 'zod';
import { findNearest } from '../text/did-you-mean.ts';
import { formOf, kindOf, thingOf } from './file-words.ts';
import { mendAt, valueAt } from './mend-file.ts';
import { FILE_KEYS, PolicyFile } from './policy-file.ts';

/** `at` is a place in the file's structure; `onKey` when the key itself is wrong and not its value. */
export type ShapeIssue = { readonly at: readonly (string | number)[]; readonly onKey: boolean; readonly message: string };

/**
 * The file in its shape, or in the nearest shape that lets reading go on: what is wrong is told in `issues` and replaced by a stand-in. `file` is null when
 * there is nothing to go on with; `namesKnown` is false when an object with a name that others may use could not be read.
 */
export type Shaped = { readonly issues: readonly ShapeIssue[]; readonly file: PolicyFile | null; readonly namesKnown: boolean };

const NAMED: ReadonlySet<string | number> = new Set(['zones', 'services', 'ipLists']);

export function shapePolicyFile(plain: unknown): Shaped {
  const first = PolicyFile.safeParse(plain);
  if (first.success) return { issues: [], file: first.data, namesKnown: true };
  const all = first.error.issues.flatMap((issue) => describeIssue(issue, plain));
  const issues = withoutMisspelt(all);
  if (kindOf(plain) !== 'a group of keys') return { issues, file: null, namesKnown: false };
  const copy: unknown = JSON.parse(JSON.stringify(plain));
  for (const issue of all) mendAt(copy, issue.at, issue.onKey);
  const second = PolicyFile.safeParse(copy);
  const namesKnown = issues.every(({ at, onKey }) => onKey || !NAMED.has(at[0] ?? '') || (at.length > 2 && at[2] !== 'name'));
  return { issues, file: second.success ? second.data : null, namesKnown };
}

/** A key that is missing because it is misspelt is one mistake. */
const withoutMisspelt = (issues: readonly ShapeIssue[]): ShapeIssue[] =>
  issues.filter(({ at, onKey }) => onKey || !issues.some((other) => other.onKey && other.at.length === at.length && other.at.slice(0, -1).join('.') === at.slice(0, -1).join('.') && other.message.includes(`did you mean “${at.at(-1)}”`)));

function describeIssue(issue: z.core.$ZodIssue, plain: unknown): ShapeIssue[] {
  const at = issue.path.filter((step) => typeof step !== 'symbol');
  const value = valueAt(plain, at);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ at: [...at, key], onKey: true, message: aboutUnknownKey(key, at) }));
  // A list of texts in which one is none: the issue of a union names only the whole.
  if (issue.code === 'invalid_union' && Array.isArray(value) && value.length > 0)
    return value.flatMap((entry: unknown, i) => (typeof entry === 'string' ? [] : [{ at: [...at, i], onKey: false, message: aboutType(at, entry) }]));
  return [{ at, onKey: false, message: describeValue(issue, at, value) }];
}

function describeValue(issue: z.core.$ZodIssue, at: readonly (string | number)[], value: unknown): string {
  const key = String(at.findLast((step) => typeof step === 'string') ?? '');
  if (at.length === 0) return `a policy file has keys such as “firebreak: 1”, “zones:” and “rules:”, and this is ${kindOf(value)}; firebreak policy export FILE writes one to begin with`;
  if (key === 'firebreak') return aboutFormat(value);
  if (at.length === 1) return `“${key}” is a list with one entry for each, and this is ${kindOf(value)}; begin each entry with “- ” on a line of its own`;
  if (at.length === 2) return `${thingOf(key)} has keys such as ${(FILE_KEYS[key] ?? []).slice(0, 4).join(', ')}, and this is ${kindOf(value)}; write “key: value”, with a space behind the colon`;
  if (value === undefined) return `${thingOf(String(at[0]))} needs “${key}”; ${formOf(key)}`;
  if (issue.code === 'too_big' && typeof value === 'string') return `“${key}” is too long; ${String(issue.maximum)} characters are the most`;
  if (Array.isArray(value) && value.length === 0) return `“${key}” is an empty list, which would match nothing; ${formOf(key)}`;
  if (typeof value !== 'string') return aboutType(at, value);
  if (issue.code === 'invalid_value') {
    const nearest = findNearest(value, issue.values.map(String));
    return `“${value}” is no ${key === 'expect' ? 'expectation' : key === 'outbound' ? 'outbound mode' : key}; ${nearest === null ? formOf(key) : `did you mean ${nearest}?`}`;
  }
  return `“${value}”: ${issue.message}`;
}

function aboutType(at: readonly (string | number)[], value: unknown): string {
  const key = String(at.findLast((step) => typeof step === 'string') ?? '');
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  const isText = formOf(key) === formOf('');
  return `“${key}” is ${kindOf(value)} here; ${isPlain && isText ? `put it in quotes: "${String(value)}"` : formOf(key)}`;
}

function aboutFormat(value: unknown): string {
  if (value === undefined) return 'a policy file begins with “firebreak: 1”; write that as its first line';
  if (typeof value === 'number' && Number.isInteger(value) && value > 1) return `this file is of format ${value}, and this Firebreak reads format 1; update Firebreak, or export the policy again`;
  return 'the format is the number 1; write “firebreak: 1”';
}

function aboutUnknownKey(key: string, at: readonly (string | number)[]): string {
  const section = String(at[0] ?? '');
  const known = FILE_KEYS[section] ?? [];
  const thing = section === '' ? 'a policy file' : thingOf(section);
  if (key === '<<') return 'merge keys (<<) are not read; write the keys out';
  const nearest = findNearest(key, known);
  return nearest === null ? `“${key}” is no key of ${thing}; it has: ${known.join(', ')}` : `“${key}” is no key of ${thing}; did you mean “${nearest}”?`;
}
