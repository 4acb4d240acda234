import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Issue } from '../errors.ts';
import { Policy } from '../model/policy.ts';
import { failedWith, type Parsed, parsed } from '../text/parsed.ts';
import { normalizeText } from '../text/source-lines.ts';
import { shapePolicyFile } from './file-shape.ts';
import { type PolicyComments, WHOLE_FILE } from './policy-comments.ts';
import type { FileIssue } from './policy-file-reader.ts';
import { fromPolicyFile, type NewRuleId } from './policy-file-text.ts';
import { readHeader } from './policy-header.ts';
import { readComments } from './read-comments.ts';
import { offsetOf, type Parsable, type Place, placeOf, readPlain } from './yaml-places.ts';
import { describeYamlError, findBadCharacters, findMergeMarks, isHarmless } from './yaml-problems.ts';

/** A policy file that was read. `base` is the state that it was exported from, null when it does not say; `locate` finds a place of its structure (`rules.0.from`) in the text. */
export type ReadPolicyFile = {
  readonly policy: Policy;
  readonly comments: PolicyComments;
  readonly base: string | null;
  locate(path: string): Place;
};
type Step = string | number;

/** 16 MiB: five times what 10,000 rules take. */
export const MAX_FILE_CHARACTERS = 16 * 1024 * 1024;

/**
 * The policy of a file, or every issue with line and column, in the order of the lines. `newRuleId` is asked for rules that have no id. References to zones,
 * services and IP lists are checked here too; names of hosts are not, because the file may be read elsewhere.
 */
export function readPolicyFile(text: string, newRuleId: NewRuleId): Parsed<ReadPolicyFile> {
  if (text.length > MAX_FILE_CHARACTERS)
    return failedWith([{ path: '', message: `the file has ${(text.length / 1024 / 1024).toFixed(1)} MiB, and a policy file has ${MAX_FILE_CHARACTERS / 1024 / 1024} MiB at most; is it the right file?`, line: 1, column: 1 }]);
  const source = normalizeText(text);
  const lines = new LineCounter();
  const broken = [...findBadCharacters(source), ...findMergeMarks(source)];
  const document = parse(source, lines);
  if (document === null) return failedWith([{ path: '', message: 'the file is nested too deeply to be read; a policy file has lists of entries and no lists within lists', line: 1, column: 1 }]);
  const toIssue = (offset: number, message: string, path = ''): Issue => ({ path, message, ...placeOf(source, lines, offset) });
  // A quote or bracket that is never closed is missed at the very end, where there is nothing to see.
  const lastOffset = source.trimEnd().length;
  const isMarked = broken.length > 0;
  const yaml = [
    ...broken.map(({ offset, message }) => toIssue(offset, message)),
    ...(isMarked ? [] : [...document.errors, ...document.warnings]).map((error) => toIssue(Math.min(placeOfError(error, source), lastOffset), describeYamlError(error))),
  ];
  if (isMarked || document.errors.some((error) => !isHarmless(error))) return failedWith(firstOfEachLine(yaml));
  if (document.contents === null) return failedWith([{ path: '', message: 'the file is empty; a policy file begins with “firebreak: 1”', line: 1, column: 1 }]);
  const plain = readPlain(document, toIssue);
  if (!plain.ok) return plain;

  const shaped = shapePolicyFile(plain.value);
  const isReplaced = ({ at }: FileIssue) => shaped.issues.some((issue) => issue.at.every((step, i) => step === at[i]));
  const read = shaped.file === null ? null : fromPolicyFile(shaped.file, newRuleId, { references: shaped.namesKnown });
  const issues = [
    ...yaml,
    ...shaped.issues.map(({ at, onKey, message }) => toIssue(onKey ? keyOffsetOf(document, at) : offsetOf(document, at, 1), message, at.join('.'))),
    ...(read === null || read.ok ? [] : read.issues.filter((issue) => !isReplaced(issue)).map(({ at, message, path, column }) => toIssue(offsetOf(document, at, column), message, path))),
  ];
  if (issues.length > 0 || read === null || !read.ok) return failedWith(sortIssues(issues));
  const locate = (path: string): Place => placeOf(source, lines, offsetOf(document, path === '' ? [] : path.split('.').map(toStep), 1));
  const checked = Policy.safeParse(read.value);
  if (!checked.success) return failedWith(sortIssues(checked.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message, ...locate(issue.path.join('.')) }))));
  return parsed({ policy: checked.data, ...withoutHeader(readComments(source, document, checked.data)), locate });
}

/** Where the nesting exhausts the stack, the line alone says the same on every machine. */
const placeOfError = ({ code, pos: [offset] }: Parsable['errors'][number], source: string): number => (code === 'RESOURCE_EXHAUSTION' ? source.lastIndexOf('\n', offset - 1) + 1 : offset);

/** Null where the nesting exhausts the stack: yaml reads by recursion. */
function parse(source: string, lineCounter: LineCounter): Parsable | null {
  try {
    return parseDocument(source, { lineCounter, prettyErrors: false });
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function withoutHeader(comments: PolicyComments): { comments: PolicyComments; base: string | null } {
  const { [WHOLE_FILE]: whole = {}, ...others } = comments;
  const { before = [], ...more } = whole;
  const { base, rest } = readHeader(before);
  const kept = { ...more, ...(rest.length === 0 ? {} : { before: rest }) };
  return { base, comments: Object.keys(kept).length === 0 ? others : { [WHOLE_FILE]: kept, ...others } };
}

const sortIssues = (issues: readonly Issue[]): Issue[] => issues.toSorted((a, b) => (a.line ?? 1) - (b.line ?? 1) || (a.column ?? 1) - (b.column ?? 1));

/** One slip of syntax makes several errors in its line; the first says it. */
const firstOfEachLine = (issues: readonly Issue[]): Issue[] => sortIssues(issues).filter((issue, i, all) => i === 0 || issue.line !== all[i - 1]?.line);

const toStep = (word: string): Step => (/^\d+$/.test(word) ? Number(word) : word);

/** Where the key itself stands. */
function keyOffsetOf(document: Parsable, path: readonly Step[]): number {
  const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1))) : undefined;
  return isScalar(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(document, path, 1);
}
