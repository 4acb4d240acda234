import { expect, test } from 'vitest';
import { queryOfFilters } from './flow-filters.ts';

const NOTHING = { untilMs: null, verdict: null, draft: null, from: null, to: null, text: null, service: null, user: null, unit: null };

test('without filters the last seven days are asked for', () => {
  expect(queryOfFilters({}, 604_800_000 + 61_000)).toEqual({ ...NOTHING, sinceMs: 60_000 });
});

test('blank texts are no filter, others are trimmed', () => {
  expect(queryOfFilters({ period: 'all', text: '  ', from: ' role=web ', verdict: 'blocked' }, 0)).toEqual({ ...NOTHING, sinceMs: null, from: 'role=web', verdict: ['blocked'] });
});

test('a range counts in place of the period, and may be open at one end', () => {
  expect(queryOfFilters({ period: '1h', until: 5 }, 9e9)).toMatchObject({ sinceMs: null, untilMs: 5 });
  expect(queryOfFilters({ since: 3, until: 5 }, 9e9)).toMatchObject({ sinceMs: 3, untilMs: 5 });
});
