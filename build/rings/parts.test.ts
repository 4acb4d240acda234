import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { filesOfPart, planRuns, restFits, restOf } from './parts.ts';
import { rings } from './rings.ts';

const root = new URL('../..', import.meta.url).pathname;
const namesOf = (runs: readonly { name: string }[]) => runs.map(({ name }) => name);

describe('what npm test runs', () => {
  test('is every ring first, whatever the time, and what is left of some of them after it', () => {
    const { first, rest } = planRuns([]);
    expect(namesOf(first)).toEqual(namesOf(rings));
    expect(namesOf(rest)).toEqual(['unit, rest', 'kernel, rest', 'ui, rest', 'lab, rest']);
  });

  test('is whole when it is asked for by name', () => {
    expect(planRuns(['lab', 'unit'])).toMatchObject({ first: [{ name: 'unit', part: null }, { name: 'lab', part: null }], rest: [] });
  });

  test('ends within the hour: the rest is left out where the first parts took long', () => {
    expect(restFits(25 * 60)).toBe(true);
    expect(restFits(40 * 60)).toBe(false);
  });
});

test.each(Object.entries(restOf))('the rest of the ring %s is files that are there, and every test file of a ring is in one part', (ring, files) => {
  for (const file of files) expect(existsSync(`${root}/${file}`), file).toBe(true);
  const all = globSync(ring === 'ui' ? 'e2e/ui/*.spec.ts' : ring === 'unit' ? 'e2e/**/*.test.ts' : `{e2e,agent}/**/*.${ring}-test.ts`, { cwd: root });
  expect(files.filter((file) => !all.includes(file))).toEqual([]);
  expect(all.length).toBeGreaterThan(files.length);
});

test('a runner takes the files of its part, and all where no part is said', () => {
  for (const none of [undefined, '']) expect(filesOfPart('lab', ['e2e/**/*.lab-test.ts'], none)).toEqual({ include: ['e2e/**/*.lab-test.ts'], exclude: [] });
  expect(filesOfPart('lab', ['e2e/**/*.lab-test.ts'], 'first')).toEqual({ include: ['e2e/**/*.lab-test.ts'], exclude: restOf['lab'] });
  expect(filesOfPart('lab', ['e2e/**/*.lab-test.ts'], 'rest')).toEqual({ include: restOf['lab'], exclude: [] });
  expect(filesOfPart('golden', ['**/*.golden-test.ts'], 'rest')).toEqual({ include: [], exclude: [] });
});

test('what holds a property of SECURITY.md is never left to the rest', () => {
  const page = readFileSync(`${root}/SECURITY.md`, 'utf8');
  expect(Object.values(restOf).flat().filter((file) => page.includes(file.replace(/^.*\/|\.ts$/g, '')))).toEqual([]);
});
