import { expect, test } from 'vitest';
import { median, printTable, quantile, shuffled } from './statistics.ts';

test('the median of one, of an odd and of an even number of values', () => {
  expect([median([3]), median([9, 1, 5]), median([4, 1, 2, 3])]).toEqual([3, 5, 2.5]);
});

test('a quarter lies below the first quartile, between two values where it falls between them', () => {
  expect([quantile([5, 1, 3, 2, 4], 0.25), quantile([1, 2, 3, 4], 0.25), quantile([7], 0.75), quantile([], 0.5)]).toEqual([2, 1.75, 7, Number.NaN]);
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
