import { z } from 'zod';
import { type FailedTest, listFailedInPlaywright, listFailedInVitest } from './failed-tests.ts';

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

/** What one run of a runner came to. */
export type RunReport = { readonly passed: number; readonly failed: number; readonly skipped: number; readonly failedTests: readonly FailedTest[] };

export function parseVitestReport(json: unknown): RunReport {
  const report = VitestReport.parse(json);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    failedTests: listFailedInVitest(json),
  };
}

/** A flaky test (failed, then passed on a retry) is a failed one: we retry nothing on purpose. */
export function parsePlaywrightReport(json: unknown): RunReport {
  const { stats } = PlaywrightReport.parse(json);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
    failedTests: listFailedInPlaywright(json),
  };
}
