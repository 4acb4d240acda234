import { z } from 'zod';

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

type Counts = { passed: number; failed: number; skipped: number };

export function parseVitestReport(json: unknown): Counts {
  const report = VitestReport.parse(json);
  return { passed: report.numPassedTests, failed: report.numFailedTests, skipped: report.numPendingTests + report.numTodoTests };
}

/** A flaky test (failed, then passed on a retry) is a failed one: we retry nothing on purpose. */
export function parsePlaywrightReport(json: unknown): Counts {
  const { stats } = PlaywrightReport.parse(json);
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped };
}
