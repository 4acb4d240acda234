import { expect, test } from 'vitest';
import { type CountedHour, judgeRates } from './connection-rate.ts';

const HOUR_MS = 3_600_000;
const LIMITS = { rateFactor: 3, rateAtLeast: 200 };
const hour = (index: number, connections: number, hasSnapshot = true): CountedHour => ({ startMs: index * HOUR_MS, connections, hasSnapshot });
const usual = (hours: number, connections = 100) => Array.from({ length: hours }, (_, i) => hour(i, connections));
const judge = (hours: readonly CountedHour[], fromHour: number, limits = LIMITS) => judgeRates(hours, fromHour * HOUR_MS, limits).map(({ isFarBeyond }) => isFarBeyond);

test('an hour with more than three times the busiest hour before is far beyond, one with exactly three times is not', () => {
  expect(judge([...usual(48), hour(48, 301)], 48)).toEqual([true]);
  expect(judge([...usual(48), hour(48, 300)], 48)).toEqual([false]);
});

test('nothing is far beyond at a host of which less than a day is known, nor without any record', () => {
  expect(judge([...usual(23), hour(23, 9_999)], 23)).toEqual([]);
  expect(judge([], 0)).toEqual([]);
});

test('few connections are never far beyond, however quiet the host was', () => {
  expect(judge([...usual(48, 1), hour(48, 199)], 48)).toEqual([false]);
  expect(judge([...usual(48, 1), hour(48, 200)], 48)).toEqual([true]);
});

test('a backup that runs each Sunday is part of the usual', () => {
  const week = 168;
  const hours = Array.from({ length: 2 * week + 1 }, (_, i) => hour(i, i % week === 0 ? 5_000 : 100));
  expect(judge(hours, 2 * week)).toEqual([false]);
});

test('what came in hours without a snapshot is spread over them', () => {
  expect(judge([...usual(48), hour(48, 0, false), hour(49, 0, false), hour(50, 600)], 50)).toEqual([false]);
  expect(judge([...usual(48), hour(48, 500, false), hour(49, 400, false), hour(50, 100)], 50)).toEqual([true]);
});

test('a rush of more than 14 days ago is forgotten', () => {
  const hours = [hour(0, 9_000), ...Array.from({ length: 24 * 16 }, (_, i) => hour(i + 1, 100)), hour(24 * 16 + 1, 400)];
  expect(judge(hours, 24 * 16 + 1)).toEqual([true]);
});
