import { expect, test } from 'vitest';
import { describeClock } from './host-clock.ts';

const NOW_MS = Date.UTC(2026, 10, 21);
const DAY_SECONDS = 86_400;

test.each([
  ['nothing', 0, ''],
  ['two minutes ahead', 120, ''],
  ['three minutes behind', -180, 'ITS CLOCK IS 3 minutes BEHIND'],
  ['an hour ahead', 3600, 'ITS CLOCK IS 1 hour AHEAD'],
  ['three days ahead', 3 * DAY_SECONDS, 'ITS CLOCK IS 3 days AHEAD'],
])('a clock that is off by %s is told so', (_name, offSeconds, words) => {
  const text = describeClock(NOW_MS / 1000 + offSeconds, NOW_MS);
  expect(text).toContain(words);
  expect(text === '').toBe(words === '');
});
