import { expect, test } from 'vitest';
import { bytesText, countText, percentText, shortCount } from './amount-text.ts';

test('sizes are told in the unit that leaves two figures', () => {
  expect([0, 10_239, 10_240, 3_289_088, 268_435_456].map(bytesText)).toEqual(['0 B', '10239 B', '10 KB', '3.1 MB', '256 MB']);
});

test('a share that is something is never told as nothing', () => {
  expect([0, 0.001, 0.014, 1, 12.345].map(percentText)).toEqual(['0 %', '<0.01 %', '0.01 %', '1 %', '12.35 %']);
});

test('counts fit into a cell', () => {
  expect([0, 999, 1000, 1250, 9999, 10_000, 999_999, 1_100_000, 5e9].map(shortCount)).toEqual(['0', '999', '1k', '1.2k', '9.9k', '10k', '999k', '1.1M', '5G']);
});

test('one is told as one, and anything else as many', () => {
  expect([0, 1, 2, 12_345].map((amount) => countText(amount, 'row'))).toEqual(['0 rows', '1 row', '2 rows', '12,345 rows']);
  expect([1, 3n].map((amount) => countText(amount, 'entry'))).toEqual(['1 entry', '3 entries']);
  expect(['address', 'day', 'match', 'index'].map((noun) => countText(2, noun))).toEqual(['2 addresses', '2 days', '2 matches', '2 indexes']);
});
