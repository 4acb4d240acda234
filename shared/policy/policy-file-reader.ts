import type { Cidr } from '../model/peer.ts';
import { parseCidr } from '../net/parse-cidr.ts';
import type { Parsed } from '../text/parsed.ts';

/** An issue with the place in the file's structure, to be turned into line and column. */
export type FileIssue = { readonly at: readonly (string | number)[]; readonly path: string; readonly message: string; readonly column: number };
export type FileReader = ReturnType<typeof createReader>;

/** Gathers the issues of a file while its texts are read; `read` gives a stand-in for what could not be read, so that the others are found too. */
export function createReader() {
  const issues: FileIssue[] = [];
  const add = (at: readonly (string | number)[], message: string, column = 1) => issues.push({ at, path: at.join('.'), message, column });
  const read = <T>(result: Parsed<T>, at: readonly (string | number)[], standIn: T): T => {
    if (result.ok) return result.value;
    for (const issue of result.issues) add(at, issue.message, issue.column);
    return standIn;
  };
  const each = <T>(texts: readonly string[], at: readonly (string | number)[], parse: (text: string) => Parsed<T>): T[] =>
    texts.flatMap((text, i) => {
      const value = read<T | null>(parse(text), [...at, i], null);
      return value === null ? [] : [value];
    });
  const cidrs = (texts: readonly string[], at: readonly (string | number)[]): Cidr[] => each(texts, at, parseCidr);
  return { issues, add, read, each, cidrs };
}
