import { expect, test } from 'vitest';
import { MapQuery } from '../../../shared/contract/map-query.ts';
import { countFilters, mapQueryOf, mapSearch, opened, shutAgain, unfoldedAfter } from './map-search.ts';

test('an empty address asks for a week, by the size of the site, with hubs folded', () => {
  expect(mapQueryOf({}, 604_800_000)).toEqual(MapQuery.parse({ sinceMs: 0, foldHubs: true }));
});

test('what cannot be read in an address is left out, not an error', () => {
  expect(mapSearch.parse({ period: 'never', level: 'galaxy', open: 'zone:shop', verdicts: [], text: 7, lens: 'draft' })).toEqual({ lens: 'draft' });
});

test('turning to the draft asks for nothing new unless a verdict is filtered by', () => {
  expect(mapQueryOf({ lens: 'draft' }, 0)).toEqual(mapQueryOf({ lens: 'live' }, 0));
  expect(mapQueryOf({ lens: 'draft', verdicts: ['blocked'] }, 0)).not.toEqual(mapQueryOf({ lens: 'live', verdicts: ['blocked'] }, 0));
});

test('a group that was opened is shut by taking it out again; one that the level opens is shut by name, and opened by taking that out', () => {
  expect(shutAgain({ open: ['zone:a', 'zone:b'] }, 'zone:a')).toEqual({ open: ['zone:b'] });
  expect(shutAgain({ level: 'host' }, 'zone:a')).toEqual({ shut: ['zone:a'] });
  expect(opened({ shut: ['zone:a'] }, ['zone:a'])).toEqual({ shut: undefined, open: ['zone:a'] });
  expect(opened({ open: ['zone:a'] }, ['zone:a', 'app:a|x'])).toEqual({ shut: undefined, open: ['zone:a', 'app:a|x'] });
});

test('filters are counted, and hubs unfolded and folded again', () => {
  expect(countFilters({ who: 'role=web', service: '', verdicts: ['blocked'], text: 'x' })).toBe(2);
  expect(unfoldedAfter({}, 'DNS', true)).toEqual(['DNS']);
  expect(unfoldedAfter({ unfolded: ['DNS'] }, 'DNS', false)).toBeUndefined();
});

test('a period of a day or more begins with a whole hour, so that who looks again within it asks the same; a shorter one with a whole minute', () => {
  const atMs = Date.UTC(2026, 10, 21, 12, 34, 56);
  expect(mapQueryOf({ period: '24h' }, atMs).sinceMs).toBe(Date.UTC(2026, 10, 20, 12));
  expect(mapQueryOf({}, atMs)).toEqual(mapQueryOf({}, Date.UTC(2026, 10, 21, 12, 0, 1)));
  expect(mapQueryOf({ period: '1h' }, atMs).sinceMs).toBe(Date.UTC(2026, 10, 21, 11, 34));
  expect(mapQueryOf({ period: 'all' }, atMs).sinceMs).toBe(null);
});
