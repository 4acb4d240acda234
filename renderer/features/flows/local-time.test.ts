import { expect, test } from 'vitest';
import { localInputText, readLocalInput } from './local-time.ts';

test('a local time comes back the same, to the minute', () => {
  const atMs = new Date(2026, 10, 1, 3, 5).getTime();
  expect(localInputText(atMs)).toBe('2026-11-01T03:05');
  expect(readLocalInput(localInputText(atMs))).toBe(atMs);
});

test('an empty or half-typed time is none', () => {
  expect([localInputText(undefined), readLocalInput(''), readLocalInput('2026-11-')]).toEqual(['', undefined, undefined]);
});
