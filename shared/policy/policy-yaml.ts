import { Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Issue } from '../errors.ts';
import type { RuleId } from '../model/ids.ts';
import { Policy } from '../model/policy.ts';
import { failedWith, type Parsed, parsed } from '../text/parsed.ts';
import { PolicyFile } from './policy-file.ts';
import { fromPolicyFile, toPolicyFile } from './policy-file-text.ts';

const COMMENT = ' Firebreak policy. Rules keep their id; leave it out of a new one and it gets one when imported.';

/** One readable file: byte-stable, so that export, import and export again give the same bytes. Empty metadata is left out. */
export function exportPolicyYaml(policy: Policy): string {
  const document = new Document(toPolicyFile(policy), { aliasDuplicateObjects: false });
  document.commentBefore = COMMENT;
  visit(document, {
    // Lists of short texts read best on one line; lists of objects stay one object a paragraph.
    Seq: (_key, node) => {
      node.flow = node.items.every((item) => isScalar(item));
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/**
 * The policy of a file, or every issue with line and column. `newRuleId` is asked for rules that have no id. References to zones,
 * services and IP lists are checked here too; names of hosts are not, because the file may be read elsewhere.
 */
export function importPolicyYaml(text: string, newRuleId: () => RuleId): Parsed<Policy> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return failedWith(document.errors.map((error) => ({ path: '', message: error.message, ...placeOf(lines, error.pos[0]) })));
  }
  const locate = (path: readonly PropertyKey[], column = 1): Pick<Issue, 'line' | 'column'> => placeOf(lines, offsetOf(document, path, column));
  const plain = readPlain(document);
  if (!plain.ok) return plain;
  const file = PolicyFile.safeParse(plain.value);
  if (!file.success) {
    return failedWith(file.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message, ...locate(issue.path) })));
  }
  const policy = fromPolicyFile(file.data, newRuleId);
  if (!policy.ok) {
    const issues = policy.issues.map(({ at, message, path, column }) => ({ path, message, ...placeOf(lines, offsetOf(document, at, column)) }));
    return failedWith(issues.sort((a, b) => a.line - b.line || a.column - b.column));
  }
  const checked = Policy.safeParse(policy.value);
  if (!checked.success) return failedWith(checked.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message, ...locate(issue.path) })));
  return parsed(checked.data);
}

/** Aliases are expanded under yaml's own limit (100), which stops the “billion laughs”; its error has no position. */
function readPlain(document: ReturnType<typeof parseDocument>): Parsed<unknown> {
  try {
    return parsed(document.toJS());
  } catch (error) {
    return failedWith([{ path: '', message: error instanceof Error ? error.message : 'the file cannot be read', line: 1, column: 1 }]);
  }
}

const placeOf = (lines: LineCounter, offset: number): { line: number; column: number } => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
};

/** Where the value at `path` begins, or its nearest parent that exists; `column` counts into a plain text, past its quote if it has one. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[], column: number): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) continue;
    const start: unknown = node.range[0];
    if (typeof start !== 'number') continue;
    const isQuoted = 'type' in node && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
    return length < path.length || column === 1 ? start : start + column - 1 + (isQuoted ? 1 : 0);
  }
  return 0;
}
