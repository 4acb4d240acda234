import { defineConfig } from 'vitest/config';
import { filesOfPart } from './rings/parts.ts';

/**
 * A test that ran out of time is run once more: a machine that others load says nothing of what is tested. A wrong answer is never asked for again:
 * a property that failed for one seed, or a kernel that disagreed once, has failed. The closing table counts what needed a second run.
 */
const retry = { count: 1, condition: /timed out in \d+ms/ };

/** One project a ring; the suffix of a test file says its ring. `build/scripts/test-rings.ts` decides which rings can run here. */
const root = new URL('..', import.meta.url).pathname;
const ring = (name: string, include: string[], testTimeoutMs: number, { filesAtOnce, isolate = true, hookTimeoutMs = 0 }: { filesAtOnce?: number; isolate?: boolean; hookTimeoutMs?: number } = {}) => {
  const files = filesOfPart(name, include, process.env['FIREBREAK_PART']);
  return {
    root,
    test: {
      name,
      include: files.include,
      exclude: ['**/node_modules/**', ...files.exclude],
      testTimeout: testTimeoutMs,
      // What a lab boots from may have to be made first.
      hookTimeout: Math.max(testTimeoutMs, hookTimeoutMs),
      retry,
      // A second is what Vitest gives; a crowded machine needs more, and what holds is found at once.
      expect: { poll: { timeout: 15_000 } },
      pool: 'forks' as const,
      isolate,
      ...(filesAtOnce === undefined ? {} : { fileParallelism: filesAtOnce > 1, maxWorkers: filesAtOnce }),
    },
  };
};

export default defineConfig({
  root,
  test: {
    projects: [
      ring('unit', ['{shared,main,agent,build,e2e,renderer}/**/*.test.{ts,tsx}', 'shared/**/*.test-prop.ts'], 20_000, { filesAtOnce: 2, isolate: false }),
      ring('golden', ['e2e/goldens/**/*.golden-test.ts'], 120_000),
      ring('dist', ['e2e/dist/**/*.dist-test.ts'], 240_000),
      ring('ssh', ['main/ssh/**/*.ssh-test.ts'], 60_000),
      // Two files at once in the unit ring: Vitest itself leaves one core free, which on two cores is half of the machine.
      // One process for many files: starting one and reading the same modules anew for each took a third of the ring. So a unit test leaves nothing behind: no module-wide state, no stubbed global.
      // Each test of the kernel ring has namespaces of its own and waits more than it computes; the hosts of one lab are enough for two cores.
      ring('kernel', ['e2e/{kernel,flood}/**/*.kernel-test.ts', 'agent/**/*.kernel-test.ts'], 240_000, { filesAtOnce: 2 }),
      ring('lab', ['e2e/**/*.lab-test.ts'], 240_000, { filesAtOnce: 1, hookTimeoutMs: 900_000 }),
    ],
  },
});
