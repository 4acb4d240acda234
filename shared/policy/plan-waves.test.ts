import { expect, test } from 'vitest';
import { DEFAULT_WAVES, type Waves } from '../model/waves.ts';
import { planWaves } from './plan-waves.ts';

const hosts = (names: string) => names.split(' ').map((hostName) => ({ hostName, zone: hostName.split('-')[0] ?? null }));
const namesOf = (names: string, waves: Waves, first: string[] = [], zones: string[] = []) => planWaves(hosts(names), waves, first, zones).map((wave) => wave.map(({ hostName }) => hostName).join(' '));

test('one host, a tenth, the rest; zones take turns', () => {
  expect(namesOf('web-2 web-1 db-1 app-1', DEFAULT_WAVES)).toEqual(['app-1', 'db-1', 'web-1 web-2']);
  expect(namesOf(Array.from({ length: 25 }, (_, n) => `web-${String(n).padStart(2, '0')}`).join(' '), DEFAULT_WAVES).map((wave) => wave.split(' ').length)).toEqual([1, 3, 21]);
});

test('those that are named go first, and the first wave holds all of them', () => {
  expect(namesOf('web-1 web-2 db-1', DEFAULT_WAVES, ['web-2', 'db-1', 'unknown-1'])).toEqual(['web-2 db-1', 'web-1']);
  expect(namesOf('web-1 web-2', [], ['web-2'])).toEqual(['web-2', 'web-1']);
});

test('no wave is empty, whatever the sizes, and all hosts go once', () => {
  expect(namesOf('web-1', DEFAULT_WAVES)).toEqual(['web-1']);
  expect(namesOf('web-1 web-2', [{ hosts: 5 }, { percent: 100 }])).toEqual(['web-1 web-2']);
  expect(namesOf('web-1 web-2 web-3', [])).toEqual(['web-1 web-2 web-3']);
  expect(planWaves([], DEFAULT_WAVES, [])).toEqual([]);
});

test('named zones go one after another before the others, and no wave goes over the end of one', () => {
  expect(namesOf('web-1 db-1 app-1 db-2 app-2', [], [], ['db', 'web'])).toEqual(['db-1 db-2', 'web-1', 'app-1 app-2']);
  expect(namesOf('web-1 web-2 web-3 db-1 db-2', DEFAULT_WAVES, [], ['db'])).toEqual(['db-1', 'db-2', 'web-1 web-2 web-3']);
  expect(namesOf('web-1 web-2 db-1 db-2', [{ hosts: 3 }], ['web-2'], ['db', 'none', 'db'])).toEqual(['web-2 db-1 db-2', 'web-1']);
});
