import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

/** A test that failed, or a file that did not come to its tests: where, what, and the first lines of why. */
export type FailedTest = { readonly file: string; readonly name: string; readonly why: string };

const VitestFiles = z.object({
  testResults: z
    .array(
      z.object({
        name: z.string(),
        status: z.string(),
        message: z.string().default(''),
        assertionResults: z.array(z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).nullish() })),
      }),
    )
    .default([]),
});

const shownLines = 8;
const firstLines = (text: string) => stripVTControlCharacters(text).trim().split('\n').slice(0, shownLines).join('\n');

/** Tests of Vitest's JSON report that passed after they had run out of time once (`retry` in build/vitest.config.ts). */
export function listRepeatedInVitest(json: unknown): FailedTest[] {
  return VitestFiles.parse(json).testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === 'passed' && (test.failureMessages?.length ?? 0) > 0)
      .map((test) => ({ file: file.name, name: test.fullName, why: firstLines(test.failureMessages?.join('\n') ?? '') })),
  );
}

/** Vitest's JSON report. A file whose set-up failed has no failed test in it: it is listed itself, with what it said. */
export function listFailedInVitest(json: unknown): FailedTest[] {
  return VitestFiles.parse(json).testResults.flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && file.status === 'failed') return [{ file: file.name, name: '(the file itself)', why: firstLines(file.message) }];
    return failed.map((test) => ({ file: file.name, name: test.fullName, why: firstLines(test.failureMessages?.join('\n') ?? '') }));
  });
}

const PlaywrightResult = z.object({ status: z.string(), errors: z.array(z.object({ message: z.string().default('') })).default([]) });
const PlaywrightSpec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(z.object({ status: z.string(), results: z.array(PlaywrightResult) })),
});
type PlaywrightSuite = { specs: z.infer<typeof PlaywrightSpec>[]; suites: PlaywrightSuite[] };
const PlaywrightSuite: z.ZodType<PlaywrightSuite, unknown> = z.lazy(() =>
  z.object({ specs: z.array(PlaywrightSpec).default([]), suites: z.array(PlaywrightSuite).default([]) }),
);
const PlaywrightFiles = z.object({
  suites: z.array(PlaywrightSuite).default([]),
  errors: z.array(z.object({ message: z.string().default('') })).default([]),
});

function specsOf(suite: PlaywrightSuite): PlaywrightSuite['specs'] {
  return [...suite.specs, ...suite.suites.flatMap(specsOf)];
}

/** Tests of Playwright's JSON report with one of the given ends. */
function listOfPlaywright(json: unknown, status: 'unexpected' | 'flaky'): FailedTest[] {
  return PlaywrightFiles.parse(json).suites.flatMap(specsOf).flatMap((spec) =>
    spec.tests
      .filter((test) => test.status === status)
      .map((test) => ({ file: spec.file, name: spec.title, why: firstLines(test.results.flatMap((result) => result.errors.map((error) => error.message)).join('\n')) })),
  );
}

/** Browser tests that passed at their second go (`retries` in e2e/ui/playwright.config.ts). */
export const listRepeatedInPlaywright = (json: unknown): FailedTest[] => listOfPlaywright(json, 'flaky');

/** Playwright's JSON report. What failed before any test (a file that does not load) is listed as an error of the run. */
export function listFailedInPlaywright(json: unknown): FailedTest[] {
  const ofRun = PlaywrightFiles.parse(json).errors.map(({ message }) => ({ file: '', name: '(the run itself)', why: firstLines(message) }));
  return [...ofRun, ...listOfPlaywright(json, 'unexpected')];
}
