import { z } from 'zod';
import { type FailedTest, listFailedInPlaywright, listFailedInVitest, listRepeatedInPlaywright, listRepeatedInVitest } from './failed-tests.ts';

/** The parts that we read of Vitest's JSON report, and of Playwright's. */
const VitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
});
const PlaywrightReport = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});

/** What one run of a runner came to. `repeated`: passed, at the second go. */
export type RunReport = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failedTests: readonly FailedTest[];
  readonly repeated: readonly FailedTest[];
};

export function parseVitestReport(json: unknown): RunReport {
  const report = VitestReport.parse(json);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failedTests: listFailedInVitest(json),
    repeated: listRepeatedInVitest(json),
  };
}

/** A browser test that passed at its second go has passed, and is named: chance may be the machine's or ours. */
export function parsePlaywrightReport(json: unknown): RunReport {
  const { stats } = PlaywrightReport.parse(json);
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected,
    skipped: stats.skipped,
    failedTests: listFailedInPlaywright(json),
    repeated: listRepeatedInPlaywright(json),
  };
}
