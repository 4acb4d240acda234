import { expect, test } from 'vitest';
import { pairLines } from './pair-lines.ts';

const text = (before: string, after: string) => pairLines(before, after).map(({ left, right, isSame }) => `${left ?? '·'}${isSame ? ' = ' : ' | '}${right ?? '·'}`);

test('equal lines share a row, and what was changed stands beside what it became', () => {
  expect(text('a\nb\nc\n', 'a\nx\ny\nc\n')).toEqual(['a = a', 'b | x', '· | y', 'c = c']);
});

test('a line that one side lacks is a gap there', () => {
  expect(text('a\nb\n', 'a\n')).toEqual(['a = a', 'b | ·']);
  expect(text('', 'a\n')).toEqual(['· | a']);
  expect(text('a\n', 'a\n')).toEqual(['a = a']);
});
