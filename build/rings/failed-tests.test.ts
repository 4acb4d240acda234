import { expect, test } from 'vitest';
import { listFailedInPlaywright, listFailedInVitest, listRepeatedInPlaywright, listRepeatedInVitest } from './failed-tests.ts';
import { judgeRing, printFailedTests, printRepeatedTests } from './ring-result.ts';

const oneFailed = {
  name: '/x/a.test.ts',
  status: 'failed',
  assertionResults: [
    { status: 'passed', fullName: 'holds', failureMessages: [] },
    { status: 'failed', fullName: 'breaks', failureMessages: ['\u001b[31mexpected 1\u001b[39m\nto be 2'] },
  ],
};

test('a failed test is named with what it said, without colours', () => {
  expect(listFailedInVitest({ testResults: [oneFailed] })).toEqual([{ file: '/x/a.test.ts', name: 'breaks', why: 'expected 1\nto be 2' }]);
});

test('a file whose set-up failed is listed itself, though none of its tests failed', () => {
  const file = { name: '/x/b.test.ts', status: 'failed', message: 'no lab', assertionResults: [{ status: 'skipped', fullName: 'never run' }] };
  expect(listFailedInVitest({ testResults: [file] })).toEqual([{ file: '/x/b.test.ts', name: '(the file itself)', why: 'no lab' }]);
});

test('browser tests are found however deep they are nested; what passed at its second go is in a list of its own', () => {
  const spec = (title: string, status: string) => ({
    title,
    file: 'a.spec.ts',
    tests: [{ status, results: [{ status: 'failed', errors: [{ message: `${title} went wrong` }] }] }],
  });
  const json = { suites: [{ specs: [spec('fine', 'expected')], suites: [{ specs: [spec('bad', 'unexpected'), spec('luck', 'flaky')] }] }] };
  expect(listFailedInPlaywright(json).map(({ name, why }) => [name, why])).toEqual([['bad', 'bad went wrong']]);
  expect(listRepeatedInPlaywright(json).map(({ name, why }) => [name, why])).toEqual([['luck', 'luck went wrong']]);
});

test('a test that ran out of time and passed at its second go is named, with the time', () => {
  const slow = { status: 'passed', fullName: 'waits', failureMessages: ['TestTimeoutError: Test timed out in 20000ms.'] };
  const json = { testResults: [{ ...oneFailed, assertionResults: [...oneFailed.assertionResults, slow] }] };
  expect(listRepeatedInVitest(json)).toEqual([{ file: '/x/a.test.ts', name: 'waits', why: 'TestTimeoutError: Test timed out in 20000ms.' }]);
  expect(listFailedInVitest(json).map(({ name }) => name)).toEqual(['breaks']);
});

test('a run that failed before its tests says so', () => {
  expect(listFailedInPlaywright({ errors: [{ message: 'Cannot find module' }] })).toEqual([{ file: '', name: '(the run itself)', why: 'Cannot find module' }]);
});

test('the list names ring, file and test, and is empty when none failed', () => {
  const failedTests = listFailedInVitest({ testResults: [oneFailed] });
  const red = judgeRing('unit', { passed: 1, failed: 1, skipped: 0, failedTests, repeated: failedTests }, 1, { seconds: 1, busy: 1 }, null);
  expect(printFailedTests([red])).toBe('  unit: /x/a.test.ts › breaks\n      expected 1\n      to be 2\n');
  expect(printRepeatedTests([red])).toBe(printFailedTests([red]));
  expect(printFailedTests([])).toBe('');
});
