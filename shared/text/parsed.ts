import type { Issue } from '../errors.ts';

/** What reading typed text gives: a value, or every issue found at once (never empty). */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly issues: readonly Issue[] };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });

/** `path` is empty: whoever knows which field was typed into puts it in. `column` counts from 1. */
export const failed = (message: string, column = 1): { readonly ok: false; readonly issues: readonly Issue[] } => ({
  ok: false,
  issues: [{ path: '', message, column }],
});

export const failedWith = (issues: readonly Issue[]): { readonly ok: false; readonly issues: readonly Issue[] } => ({ ok: false, issues });

/** The same issues, `by` columns further right and under `path`: for a part that was cut out of a longer text. */
export const shiftIssues = (issues: readonly Issue[], by: number, path = ''): Issue[] =>
  issues.map((issue) => ({ ...issue, path: [path, issue.path].filter((p) => p !== '').join('.'), column: (issue.column ?? 1) + by }));

/** A piece of a text with the offset (from 0) at which it began; `text` is trimmed. */
export type Piece = { readonly text: string; readonly offset: number };

/** Cuts at every separator; pieces keep their place so that issues can point at it. Empty pieces are kept. */
export function splitPieces(whole: Piece, separator: string): Piece[] {
  const pieces: Piece[] = [];
  let offset = whole.offset;
  for (const raw of whole.text.split(separator)) {
    pieces.push(trimPiece({ text: raw, offset }));
    offset += raw.length + separator.length;
  }
  return pieces;
}

/** Without white space at both ends, the offset moved along. */
export function trimPiece(piece: Piece): Piece {
  const start = piece.text.length - piece.text.trimStart().length;
  return { text: piece.text.trim(), offset: piece.offset + start };
}

/** Values of all, or the issues of all. */
export function collectParsed<T>(all: readonly Parsed<T>[]): Parsed<T[]> {
  const issues = all.flatMap((p) => (p.ok ? [] : p.issues));
  return issues.length > 0 ? failedWith(issues) : parsed(all.flatMap((p) => (p.ok ? [p.value] : [])));
}
