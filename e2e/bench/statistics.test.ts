import { expect, test } from 'vitest';
import { median, printTable, shuffled } from './statistics.ts';

test('the median of one, of an odd and of an even number of values', () => {
  expect([median([3]), median([9, 1, 5]), median([4, 1, 2, 3])]).toEqual([3, 5, 2.5]);
});

test('shuffling keeps every item once and leaves the input alone', () => {
  const items = [1, 2, 3, 4, 5];
  expect(shuffled(items).sort()).toEqual(items);
  expect(items).toEqual([1, 2, 3, 4, 5]);
});

test('a table has its first column to the left and the others to the right', () => {
  expect(
    printTable(
      ['name', 'n'],
      [
        ['a', '10'],
        ['long', '5'],
      ],
    ),
  ).toBe('name   n\n----  --\na     10\nlong   5');
});
