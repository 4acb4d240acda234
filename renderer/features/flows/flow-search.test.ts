import { expect, test } from 'vitest';
import { filtersOf, flowSearch, isSameFilters, orderOf } from './flow-search.ts';

test('an address with nonsense in it opens the screen without that filter', () => {
  expect(flowSearch.parse({ period: 'yesterday', verdict: 7, since: -3, text: 'db' })).toMatchObject({ period: undefined, verdict: undefined, since: undefined, text: 'db' });
});

test('what is saved as a view are the filters that are set', () => {
  expect(filtersOf({ verdict: 'blocked', text: undefined })).toEqual({ verdict: 'blocked' });
});

test('two searches are one view whatever the order of their fields', () => {
  expect(isSameFilters({ verdict: 'blocked', text: 'db' }, { text: 'db', verdict: 'blocked', from: undefined })).toBe(true);
  expect(isSameFilters({ verdict: 'blocked' }, { verdict: 'blocked', period: '24h' })).toBe(false);
});

test('the busiest is an order over all that is stored, else the newest come first', () => {
  expect(orderOf({ order: 'busiest', period: 'all' })).toBe('busiest');
  expect(orderOf({ order: 'busiest', period: '24h' })).toBe('newest');
  expect(orderOf({ order: 'busiest', period: 'all', since: 5 })).toBe('newest');
  expect(orderOf({ order: 'oldest' })).toBe('oldest');
});
