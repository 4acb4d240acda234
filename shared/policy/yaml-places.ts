import { type Document, isNode, isScalar, type LineCounter, type ParsedNode, type Scalar, visit } from 'yaml';
import type { Issue } from '../errors.ts';
import { failedWith, type Parsed, parsed } from '../text/parsed.ts';
import { UNKNOWN_ALIAS } from './yaml-problems.ts';

/** From a YAML document to plain values, and from these back to places in its text. */
export type Parsable = Document.Parsed<ParsedNode>;
export type Place = { readonly line: number; readonly column: number };

/** Aliases are expanded under yaml's own limit (100), which stops the “billion laughs”; its error has no position. */
export function readPlain(document: Parsable, toIssue: (offset: number, message: string) => Issue): Parsed<unknown> {
  const unknown = findUnknownAliases(document);
  if (unknown.length > 0) return failedWith(unknown.map((offset) => toIssue(offset, UNKNOWN_ALIAS)));
  try {
    return parsed(document.toJS());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = /alias/i.test(error.message) ? 'aliases (*name) multiply to more than can be read; write the values out' : `the file cannot be read: ${error.message}`;
    return failedWith([{ path: '', message, line: 1, column: 1 }]);
  }
}

function findUnknownAliases(document: Parsable): number[] {
  const offsets: number[] = [];
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) === undefined) offsets.push(alias.range?.[0] ?? 0);
    },
  });
  return offsets;
}

/** Columns count characters as people see them, not UTF-16 units. */
export function placeOf(source: string, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(Math.min(offset, source.length));
  const start = lines.lineStarts[Math.max(0, line - 1)] ?? 0;
  return { line: Math.max(1, line), column: [...source.slice(start, start + Math.max(0, col - 1))].length + 1 };
}

/** Where the value at `path` begins, or its nearest parent that exists; `column` counts into a plain text, past its quote if it has one. */
export function offsetOf(document: Parsable, path: readonly PropertyKey[], column: number): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (!isNode(node) || !node.range) continue;
    const isQuoted = isScalar(node) && isQuotedType(node.type);
    return length < path.length || column === 1 ? node.range[0] : node.range[0] + column - 1 + (isQuoted ? 1 : 0);
  }
  return 0;
}

const isQuotedType = (type: Scalar['type']): boolean => type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
