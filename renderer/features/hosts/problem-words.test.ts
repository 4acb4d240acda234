import { expect, test } from 'vitest';
import { problemOf } from './problem-words.ts';

const warning = (code: string, text: string) => ({ code, text });

test('a failure comes before warnings, in short words and with its sentence', () => {
  const lastError = { code: 'HOST_UNREACHABLE', title: 'web-1: nobody answers.', hint: 'Look there.', atMs: 0 };
  expect(problemOf({ name: 'web-1', lastError, warnings: [warning('CLONE', 'a clone')] })).toEqual({ isFailure: true, short: 'Unreachable', sentence: 'nobody answers.', all: 'web-1: nobody answers.\nLook there.' });
});

test('of several warnings the worst is named, and how many more there are; one without a word of its own is a warning', () => {
  expect(problemOf({ name: 'web-1', lastError: null, warnings: [warning('CLONE', 'a clone'), warning('BYPASS', 'a way round')] })).toMatchObject({ isFailure: false, short: 'Clone +1', sentence: 'a clone', all: 'a clone\na way round' });
  expect(problemOf({ name: 'web-1', lastError: null, warnings: [warning('NEW', 'new')] })?.short).toBe('Warning');
  expect(problemOf({ name: 'web-1', lastError: null, warnings: [] })).toBeNull();
});
