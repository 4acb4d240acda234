type FileIssue = { readonly line?: number | undefined; readonly column?: number | undefined; readonly message: string; readonly source: string; readonly caret: string };

/** `FILE:LINE:COLUMN: what is wrong`, the line, and a caret below the place: what editors and CI logs can jump to. */
export function printFileIssue(file: string, { line = 1, column = 1, message, source, caret }: FileIssue): string {
  const number = String(line);
  const margin = ' '.repeat(number.length);
  return [`${file}:${number}:${column}: ${message}`, `  ${number} | ${source}`, `  ${margin} | ${caret}`].join('\n');
}

type Conflict = { readonly what: string; readonly name: string; readonly line: number | null; readonly reason: string; readonly base: string | null; readonly draft: string | null; readonly file: string | null };

/** What both sides changed, each side on a line of its own. */
export function printConflict(file: string, { what, name, line, reason, base, draft, file: theirs }: Conflict): string {
  const sides = base === null && draft === null && theirs === null ? [] : [`  before: ${base ?? 'not there'}`, `  draft:  ${draft ?? 'removed'}`, `  file:   ${theirs ?? 'removed'}`];
  return [`${line === null ? file : `${file}:${line}`}: ${what} ${name}: ${reason}`, ...sides].join('\n');
}
