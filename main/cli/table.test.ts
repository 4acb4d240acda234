import { expect, test } from 'vitest';
import { formatTable, formatTime } from './table.ts';

test('columns line up and hostile cells stay on their line', () => {
  expect(formatTable(['HOST', 'STATE'], [['db1', 'ok'], ['w\n2', 'behind']])).toBe('HOST    STATE\ndb1     ok\nw\\x0a2  behind');
});

test('an empty table prints its header', () => {
  expect(formatTable(['HOST', 'STATE'], [])).toBe('HOST  STATE');
});

test('times are UTC to the second and absent times a dash', () => {
  expect([formatTime(1_795_250_000_999), formatTime(null)]).toEqual(['2026-11-21 08:33:20Z', '-']);
});
