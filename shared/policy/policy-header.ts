const HEADER = ' Firebreak policy. Rules keep their id; leave it out of a new one and it gets one when imported.';
const BASE = /^ base: ([0-9a-f]{16})$/;

/** The comment at the head of an export. `base` is the hash of the exported state; an import that finds it merges what changed since. */
export const printHeader = (base: string | null): string => (base === null ? HEADER : `${HEADER}\n base: ${base}`);

/** The comment at the head of a file, taken apart: the state that it was exported from, and what people wrote there themselves. */
export function readHeader(lines: readonly string[]): { readonly base: string | null; readonly rest: string[] } {
  const bases = lines.flatMap((line) => BASE.exec(line)?.[1] ?? []);
  const rest = lines.filter((line) => line !== HEADER && !BASE.test(line));
  const [first, last] = [rest.findIndex((line) => line !== ''), rest.findLastIndex((line) => line !== '')];
  return { base: bases[0] ?? null, rest: first < 0 ? [] : rest.slice(first, last + 1) };
}
