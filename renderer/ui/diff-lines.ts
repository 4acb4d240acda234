import { structuredPatch } from 'diff';

export type Line = { readonly kind: 'same' | 'added' | 'removed' | 'gap'; readonly text: string };

const CONTEXT_LINES = 3;

function toLine(raw: string): Line {
  if (raw.startsWith('+')) return { kind: 'added', text: raw.slice(1) };
  if (raw.startsWith('-')) return { kind: 'removed', text: raw.slice(1) };
  return { kind: 'same', text: raw.slice(1) };
}

/** Lines of the difference; empty when the texts are equal. Pure. */
export function diffLines(before: string, after: string): readonly Line[] {
  const { hunks } = structuredPatch('before', 'after', before, after, '', '', { context: CONTEXT_LINES });
  return hunks.flatMap((hunk, index) => [
    ...(index === 0 && hunk.newStart <= 1 ? [] : [{ kind: 'gap' as const, text: `line ${hunk.newStart}` }]),
    ...hunk.lines.filter((line) => !line.startsWith('\\')).map(toLine),
  ]);
}
