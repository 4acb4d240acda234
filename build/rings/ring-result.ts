import type { FailedTest } from './failed-tests.ts';
import type { RunReport } from './test-reports.ts';

/** What became of one ring. `passed` never counts what did not run. */
export type RingResult = {
  readonly ring: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  /** How much of all cores was used meanwhile, by whoever: 0 to 1. What is far from 1 waits, and could have company. */
  readonly busy: number;
  /** Set when the ring did not run at all: why. */
  readonly skippedBecause: string | null;
  /** What is wrong beyond failed tests: ended by the time limit, a file that did not load, no tests found. */
  readonly trouble: string | null;
  readonly failedTests: readonly FailedTest[];
  /** Passed, but only at the second go: counted among `passed`. */
  readonly repeated: readonly FailedTest[];
};

export const isGreen = (result: RingResult): boolean => result.failed === 0 && result.trouble === null;

const columns = ['ring', 'run', 'passed', 'failed', 'skipped', 'repeated', 'seconds', 'busy'] as const;
const pad = (cells: readonly string[]) => cells.map((cell, i) => (i === 0 ? cell.padEnd(13) : cell.padStart(9))).join('');

function row(result: RingResult): string {
  const run = result.passed + result.failed;
  const cells = pad([result.ring, ...[run, result.passed, result.failed, result.skipped, result.repeated.length].map(String), result.seconds.toFixed(1), `${Math.round(result.busy * 100)} %`]);
  if (result.skippedBecause !== null) return `${cells}  SKIPPED: ${result.skippedBecause}`;
  return result.trouble === null ? cells : `${cells}  FAILED: ${result.trouble}`;
}

/** The table and, alone on the last line, `N passed, N failed, N skipped`. Pure. */
export function printResults(results: readonly RingResult[]): string {
  const sum = (key: 'passed' | 'failed' | 'skipped') => results.reduce((total, result) => total + result[key], 0);
  return [pad(columns), ...results.map(row), '', `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`].join('\n');
}

const indented = (text: string) => text.replace(/^/gm, '      ');

const printTests = (ring: string, tests: readonly FailedTest[]) => tests.map(({ file, name, why }) => `  ${ring}: ${file} › ${name}\n${indented(why)}\n`);

/** Each failed test with the first lines of why, for whoever sees only the end of a long log. Pure; empty when none failed. */
export const printFailedTests = (results: readonly RingResult[]): string => results.flatMap(({ ring, failedTests }) => printTests(ring, failedTests)).join('');

/** Likewise each test that passed at its second go, with why the first failed. */
export const printRepeatedTests = (results: readonly RingResult[]): string => results.flatMap(({ ring, repeated }) => printTests(ring, repeated)).join('');

/**
 * Counts and exit code → result. A ring that ended badly without a failed test (a file that does not load, an unhandled
 * error) or that found no test is a failure: counted as one, so that the closing line cannot look green.
 */
export function judgeRing(ring: string, counts: RunReport | null, exitCode: number, { seconds, busy }: { readonly seconds: number; readonly busy: number }, timedOut: { readonly running: string } | null): RingResult {
  const { passed, failed, skipped, failedTests, repeated } = counts ?? { passed: 0, failed: 0, skipped: 0, failedTests: [], repeated: [] };
  const trouble = timedOut !== null
    ? `ended by its time limit${timedOut.running === '' ? '' : `, while this ran: ${timedOut.running.replaceAll('\n', '; ')}`}`
    : counts === null
      ? `made no report (exit ${exitCode})`
      : passed + failed + skipped === 0
        ? 'found no tests'
        : exitCode !== 0 && failed === 0
          ? `exit ${exitCode} without a failed test: an error outside of the tests, see above`
          : passed + failed === 0
            ? 'could run, yet every test was skipped'
            : null;
  return { ring, passed, failed: trouble !== null && failed === 0 ? 1 : failed, skipped, seconds, busy, skippedBecause: null, trouble, failedTests, repeated };
}
