import { expect, test } from 'vitest';
import { changeText, hasTrend, splitFigure } from './kpi-text.ts';

const NOV_3 = Date.UTC(2026, 10, 3);
const DAY_MS = 86_400_000;
const trend = (...values: (number | null)[]) => ({ unit: 'percent' as const, trend: values.map((value, i) => ({ dayStartMs: NOV_3 + i * DAY_MS, value })) });

test('a figure stands apart from what it was made of, and what is not known says why', () => {
  expect(splitFigure({ value: 75, text: '75 % (3 of 4)', limits: '' })).toEqual({ figure: '75 %', basis: '3 of 4' });
  expect(splitFigure({ value: 12, text: '12 connections in 3 flows', limits: 'x' })).toEqual({ figure: '12', basis: 'connections in 3 flows' });
  expect(splitFigure({ value: null, text: 'not known', limits: 'nothing was pushed yet' })).toEqual({ figure: 'not known', basis: 'nothing was pushed yet' });
});

test('a change is counted from the first day that has a figure', () => {
  expect(changeText(trend(null, 10, 14.25))).toBe('+4.25 points since 4 Nov');
  expect(changeText({ ...trend(14, 10), unit: 'connections' })).toBe('−4 since 3 Nov');
  expect(changeText(trend(10, 12, 10))).toBe('as on 3 Nov');
});

test('without an earlier day no trend is made up', () => {
  expect(changeText(trend(10))).toBe('');
  expect(changeText(trend(null, null))).toBe('');
  expect(changeText(trend())).toBe('');
  expect([trend(), trend(null, 10), trend(10, null, 12)].map(hasTrend)).toEqual([false, false, true]);
});
