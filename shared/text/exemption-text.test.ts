import { expect, test } from 'vitest';
import { parseExemption, printExemption } from './exemption-text.ts';
import { expectParsed } from '../policy/testing/builders.ts';

test.each([
  ['host:web1 to db1', 'host:web1 to db1'],
  ['  10.0.0.5,10.1.0.0/16   to\tdb1 ', '10.0.0.5, 10.1.0.0/16 to db1'],
  ['host:to to to', 'host:to to to'],
])('%j is the pair %s', (text, printed) => {
  expect(printExemption(expectParsed(parseExemption(text)))).toBe(printed);
});

test('white space without end is refused at once', () => {
  const startedMs = performance.now();
  for (const text of [' '.repeat(300_000) + 'x', `x${' '.repeat(300_000)}y`, 'x to '.repeat(100_000)]) expect(parseExemption(text).ok).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});
