import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
/** Rows of SECURITY.md's table of properties: `| property | \`file\`: name of a test |`. */
const rows = [...readFileSync(`${root}SECURITY.md`, 'utf8').matchAll(/^\| (.+) \| `([^`]+)`: (.+) \|$/gm)].map(([, property = '', file = '', name = '']) => ({ property, file, name }));

test('the security page has its properties', () => expect(rows.length).toBeGreaterThan(20));

test.each(rows)('$property: there is a test of that name in $file', ({ file, name }) => {
  expect(file).toMatch(/(?:test\.tsx?|e2e\/faults\/cases\/.*\.ts)$/);
  expect(readFileSync(`${root}${file}`, 'utf8')).toContain(name);
});
