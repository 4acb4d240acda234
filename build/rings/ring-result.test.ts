import { describe, expect, test } from 'vitest';
import { isGreen, judgeRing, printResults, type RingResult } from './ring-result.ts';
import { parsePlaywrightReport, parseVitestReport } from './test-reports.ts';

const counts = (passed: number, failed = 0, skipped = 0) => ({ passed, failed, skipped, failedTests: [], repeated: [] });

describe('judging a ring', () => {
  test('is green when tests ran and none failed', () => {
    expect(isGreen(judgeRing('unit', counts(3, 0, 1), 0, { seconds: 1, busy: 1 }, null))).toBe(true);
  });

  test.each([
    ['no test was found', counts(0), 0, false],
    ['no test was found, whatever the exit code', counts(0), 1, false],
    ['every test was skipped', counts(0, 0, 4), 0, false],
    ['a file did not load', counts(5), 1, false],
    ['there is no report', null, 0, false],
    ['the time limit ended it', counts(5), 0, true],
    ['a test failed', counts(5, 1), 1, false],
  ])('is red, with at least one failure counted, when %s', (_name, found, exitCode, timedOut) => {
    const result = judgeRing('unit', found, exitCode, { seconds: 1, busy: 0.5 }, timedOut ? { running: 'a › b' } : null);
    if (timedOut) expect(result.trouble).toBe('ended by its time limit, while this ran: a › b');
    expect(isGreen(result)).toBe(false);
    expect(result.failed).toBeGreaterThan(0);
  });
});

describe('the table', () => {
  const skippedRing: RingResult = { ring: 'lab', passed: 0, failed: 0, skipped: 7, seconds: 0, busy: 0, skippedBecause: 'needs root', trouble: null, failedTests: [], repeated: [] };

  test('closes with one line of sums, alone on its line', () => {
    const text = printResults([judgeRing('unit', counts(10, 0, 2), 0, { seconds: 3.2, busy: 0.874 }, null), judgeRing('ssh', counts(4, 1), 1, { seconds: 1, busy: 1 }, null), skippedRing]);
    expect(text).toMatch(/^unit +10 +10 +0 +2 +0 +3\.2 +87 %$/m);
    expect(text.split('\n').at(-1)).toBe('14 passed, 1 failed, 9 skipped');
  });

  test('a ring that did not run is never counted as passed, and says why', () => {
    const lines = printResults([skippedRing]).split('\n');
    expect(lines[1]).toMatch(/^lab +0 +0 +0 +7 +0 +0\.0 +0 % {2}SKIPPED: needs root$/);
    expect(lines.at(-1)).toBe('0 passed, 0 failed, 7 skipped');
  });
});

describe('reports of the runners', () => {
  test('a browser test that passed at its second go has passed, and is named with why the first go failed', () => {
    const test = { status: 'flaky', results: [{ status: 'failed', errors: [{ message: 'not visible' }] }, { status: 'passed', errors: [] }] };
    const report = parsePlaywrightReport({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }, suites: [{ specs: [{ title: 'opens', file: 'map.spec.ts', tests: [test] }] }] });
    expect(report).toMatchObject({ passed: 4, failed: 1, skipped: 2, failedTests: [], repeated: [{ file: 'map.spec.ts', name: 'opens', why: 'not visible' }] });
  });

  test('a test that is only planned counts as skipped', () => {
    expect(parseVitestReport({ numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 })).toMatchObject({
      passed: 3,
      failed: 1,
      skipped: 3,
    });
  });

  test('anything else is refused, not read as zero', () => {
    expect(() => parseVitestReport({})).toThrow();
    expect(() => parsePlaywrightReport({ stats: {} })).toThrow();
  });
});
