import { diffLines } from 'diff';

/** One row of two texts beside each other; null where a side has no such line. */
export type LinePair = { readonly left: string | null; readonly right: string | null; readonly isSame: boolean };

const linesOf = (value: string): string[] => value.replace(/\n$/, '').split('\n');

/** Both texts whole, equal lines in one row; a run of removed lines stands beside the run of added ones that follows it. Pure. */
export function pairLines(before: string, after: string): LinePair[] {
  const pairs: LinePair[] = [];
  let removed: string[] = [];
  const flush = (added: readonly string[]) => {
    for (let i = 0; i < Math.max(removed.length, added.length); i += 1) pairs.push({ left: removed[i] ?? null, right: added[i] ?? null, isSame: false });
    removed = [];
  };
  for (const change of diffLines(before, after)) {
    if (change.removed) removed.push(...linesOf(change.value));
    else if (change.added) flush(linesOf(change.value));
    else {
      flush([]);
      pairs.push(...linesOf(change.value).map((text) => ({ left: text, right: text, isSame: true })));
    }
  }
  flush([]);
  return pairs;
}
