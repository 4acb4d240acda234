import { expect, test } from 'vitest';
import { createBoundedMemo } from './bounded-memo.ts';

test('an answer is found by all of its numbers and by nothing else', () => {
  const memo = createBoundedMemo(9);
  expect(memo.find(0, 0, 0, 0, 0)).toBe(-1);
  memo.keep(1, 2, 3, 4, 5, 0);
  expect(memo.find(1, 2, 3, 4, 5)).toBe(0);
  const others = [memo.find(0, 2, 3, 4, 5), memo.find(1, 0, 3, 4, 5), memo.find(1, 2, 0, 4, 5), memo.find(1, 2, 3, 0, 5), memo.find(1, 2, 3, 4, 0), memo.find(5, 4, 3, 2, 1)];
  expect(others).toEqual(others.map(() => -1));
});

test('far more answers than there is room for are forgotten, and never mistaken for each other', () => {
  const memo = createBoundedMemo(4);
  for (let n = 0; n < 1000; n++) memo.keep(n, n * 7, 0, 0, n % 3, n);
  const found = Array.from({ length: 1000 }, (_, n) => ({ n, answer: memo.find(n, n * 7, 0, 0, n % 3) })).filter(({ answer }) => answer !== -1);
  expect(found.length).toBeGreaterThan(0);
  expect(found.length).toBeLessThanOrEqual(16);
  expect(found.every(({ n, answer }) => n === answer)).toBe(true);
});
