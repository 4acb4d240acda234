import { expect, test } from 'vitest';
import { diffLines } from './diff-lines.ts';

test('equal texts have no lines', () => {
  expect(diffLines('a\nb\n', 'a\nb\n')).toEqual([]);
});

test('a changed line is shown as removed and added with what is around it', () => {
  expect(diffLines('a\nb\nc\n', 'a\nx\nc\n')).toEqual([
    { kind: 'same', text: 'a' },
    { kind: 'removed', text: 'b' },
    { kind: 'added', text: 'x' },
    { kind: 'same', text: 'c' },
  ]);
});

test('a first text is all added, without the note about a missing line end', () => {
  expect(diffLines('', 'table inet firebreak')).toEqual([{ kind: 'added', text: 'table inet firebreak' }]);
});
