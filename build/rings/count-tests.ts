import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOfPart, type Part } from './parts.ts';
import type { Ring } from './rings.ts';

const patterns: Readonly<Record<string, string>> = {
  unit: 'e2e/**/*.test.ts',
  kernel: '{e2e,agent}/**/*.kernel-test.ts',
  lab: 'e2e/**/*.lab-test.ts',
  ui: 'e2e/ui/**/*.spec.ts',
};

/**
 * How many tests a ring, or a part of it, that is not run would have had, read off its files without loading them (loading may need
 * what is missing): calls of `test(` and `it(`, a table test counting once. A lower bound, only for the count of skipped tests.
 */
export function countSkippedTests(ring: Ring, part: Part | null, root: string): number {
  const pattern = patterns[ring.name];
  if (pattern === undefined) return 0;
  const { include, exclude } = filesOfPart(ring.name, [pattern], part ?? undefined);
  return globSync(include, { cwd: root, exclude }).reduce((count, path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return count + [...text.matchAll(/^\s*(?:test|it)(?:\.each\b[^\n]*|\.\w+)?\(/gm)].length;
  }, 0);
}
