import { expect, test } from 'vitest';
import { listFailedInPlaywright, listFailedInVitest } from './failed-tests.ts';
import { judgeRing, printFailedTests } from './ring-result.ts';

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

test('browser tests are found however deep they are nested, flaky ones too', () => {
  const spec = (title: string, status: string) => ({
    title,
    file: 'a.spec.ts',
    tests: [{ status, results: [{ status: 'failed', errors: [{ message: `${title} went wrong` }] }] }],
  });
  const json = { suites: [{ specs: [spec('fine', 'expected')], suites: [{ specs: [spec('bad', 'unexpected'), spec('luck', 'flaky')] }] }] };
  expect(listFailedInPlaywright(json).map(({ name, why }) => [name, why])).toEqual([
    ['bad', 'bad went wrong'],
    ['luck', 'luck went wrong'],
  ]);
});

test('a run that failed before its tests says so', () => {
  expect(listFailedInPlaywright({ errors: [{ message: 'Cannot find module' }] })).toEqual([{ file: '', name: '(the run itself)', why: 'Cannot find module' }]);
});

test('the list names ring, file and test, and is empty when none failed', () => {
  const failedTests = listFailedInVitest({ testResults: [oneFailed] });
  const red = judgeRing('unit', { passed: 1, failed: 1, skipped: 0, failedTests }, 1, 1, false);
  expect(printFailedTests([red])).toBe('  unit: /x/a.test.ts › breaks\n      expected 1\n      to be 2\n');
  expect(printFailedTests([])).toBe('');
});
