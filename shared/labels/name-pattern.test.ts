import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createGlob, createNameMatcher, fillWords } from './name-pattern.ts';

const matchName = (pattern: string, name: string) => createNameMatcher(pattern)(name);

/** The same by a regular expression, which may take for ever where this must not. */
const MEANS: Readonly<Record<string, string>> = { '*': '.*?', '?': '.', '#': '[0-9]+?', '{x}': '(?<x>[A-Za-z0-9]+?)', '{y}': '(?<y>[A-Za-z0-9]+?)' };
const pattern = fc.tuple(fc.array(fc.constantFrom<string>('a', '1', '-', '*', '?', '#'), { maxLength: 7 }), fc.nat(7), fc.nat(7)).map(([parts, x, y]) => parts.toSpliced(x, 0, '{x}').toSpliced(y, 0, '{y}'));
const name = fc.array(fc.constantFrom('a', '1', '-'), { maxLength: 9 }).map((parts) => parts.join(''));

describe('a name pattern', () => {
  test.each<[string, string, Record<string, string> | null]>([
    ['db-*', 'db-1', {}],
    ['db-*', 'db-', {}],
    ['db-*', 'mydb-1', null],
    ['db-?', 'db-12', null],
    ['db-#', 'db-12', {}],
    ['db-#', 'db-', null],
    ['*', 'anything.example.org', {}],
    ['{env}-{role}-*', 'prod-web-01.example.org', { env: 'prod', role: 'web' }],
    ['{env}-{role}-*', 'prod-web', null],
    ['{role}#', 'web12', { role: 'web' }],
    ['{role}#', 'db2web1', { role: 'db2web' }],
    ['{role}#.{loc}.example.org', 'proxy01.iad2.example.org', { role: 'proxy', loc: 'iad2' }],
    ['{role}', 'web-1', null],
    ['a.b', 'a-b', null],
    ['DB-*', 'db-1', null],
  ])('%s on %s', (pattern, name, found) => {
    expect(matchName(pattern, name)).toEqual(found);
  });

  test('of many stars is refused as fast as one of one star', () => {
    const name = 'a'.repeat(63);
    const startedMs = performance.now();
    expect(matchName(`${'*a'.repeat(49)}b`, name)).toBeNull();
    expect(matchName(`${'{x}*'.repeat(20)}!`, name)).toBeNull();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

test('a name fits, and is split, as by the regular expression of the same meaning', () => {
  fc.assert(
    fc.property(pattern, name, (parts, text) => {
      const groups = new RegExp(`^${parts.map((part) => MEANS[part] ?? part).join('')}$`).exec(text)?.groups;
      expect(matchName(parts.join(''), text)).toEqual(groups === undefined ? null : { ...groups });
    }),
    { numRuns: 3000 },
  );
});

test('a glob of many stars takes time that grows with the length of what a host says, not with its square', () => {
  const startedMs = performance.now();
  expect(createGlob(`${'*a'.repeat(98)}*b*`)('a'.repeat(10_000))).toBe(false);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});

test('words of a value are replaced where the pattern found them', () => {
  expect(fillWords('{env}/{role}', { env: 'prod', role: 'web' })).toBe('prod/web');
  expect(fillWords('{constructor}', {})).toBe('{constructor}');
});

test.each<[string, string, boolean]>([
  ['debian', 'Debian', true],
  ['6.1.*', '6.1.0-18-amd64', true],
  ['postgres', 'postgresql', false],
  ['a#{b}', 'a#{b}', true],
])('the value %s of a fact on %s', (glob, text, fits) => {
  expect(createGlob(glob)(text)).toBe(fits);
});
