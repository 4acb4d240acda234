import { expect, test } from 'vitest';
import { formatWaves, parseWaves } from './waves-text.ts';

test.each(['1, 10%', 'all', '5', '1, 5, 25%, 50%'])('%s is read and written alike', (text) => {
  const parsed = parseWaves(text);
  expect(parsed.ok && formatWaves(parsed.value)).toBe(text);
});

test.each(['', '0', '101%', '1,,2', 'half', '-1', '1,2,3,4,5,6,7,8,9,10,11'])('“%s” is refused with a sentence', (text) => {
  const parsed = parseWaves(text);
  expect(parsed.ok ? null : parsed.issues[0]?.message).toMatch(/neither a number of hosts|at most 10/);
});
