import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
/** Rows of e2e/scenarios.md: `| scenario | \`file\`: part of a test's name |`. */
const rows = [...readFileSync(`${root}e2e/scenarios.md`, 'utf8').matchAll(/^\| (R\d+ .+) \| `([^`]+)`: (.+) \|$/gm)].map(([, scenario = '', file = '', name = '']) => ({ scenario, file, name }));

test('each scenario of a fleet has its row', () => {
  const covered = new Set(rows.map(({ scenario }) => scenario.split(' ')[0]));
  expect(['R1', 'R13', 'R14', 'R22', 'R23', 'R24', 'R29', 'R30', 'R31', 'R32', 'R33', 'R34'].filter((name) => !covered.has(name))).toEqual([]);
});

test.each(rows)('$scenario: there is a test of that name in $file', ({ file, name }) => {
  expect(file).toMatch(/(?:test\.ts|e2e\/faults\/cases\/.*\.ts)$/);
  expect(readFileSync(`${root}${file}`, 'utf8')).toContain(name);
});
