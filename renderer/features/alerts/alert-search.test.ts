import { expect, test } from 'vitest';
import { alertQueryOf, alertSearch } from './alert-search.ts';

test('without filters the open alerts are asked for, and “all” asks for every state', () => {
  expect(alertQueryOf(alertSearch.parse({}))).toMatchObject({ states: ['open'], kind: null, host: null, zone: null, text: null });
  expect(alertQueryOf(alertSearch.parse({ state: 'all' })).states).toBeNull();
});

test('what is no filter in an address is left out, and the rest holds', () => {
  expect(alertSearch.parse({ state: 'loud', kind: 'tampered', host: '-', id: 'x', text: ' web ' })).toEqual({ kind: 'tampered', text: ' web ' });
  expect(alertQueryOf(alertSearch.parse({ text: '  ' })).text).toBeNull();
});
