import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCsv } from './csv-records.ts';

test.each<[string, string, unknown]>([
  ['nothing', '', []],
  ['lines of any end, and empty ones', 'a,b\r\n\n , \n1, 2 ', [[1, ['a', 'b']], [4, ['1', '2']]]],
  ['a byte order mark', '\uFEFFname\nweb', [[1, ['name']], [2, ['web']]]],
  ['quotes, with what they protect', 'a,"x, ""y""\nz",c\nd', [[1, ['a', 'x, "y"\nz', 'c']], [3, ['d']]]],
  ['a quote within a cell is a character', 'a 5" disk,b', [[1, ['a 5" disk', 'b']]]],
  ['what stands behind a closing quote', '"10.0.0.1"5 ,"a" ,"b"\n', [[1, ['10.0.0.15', 'a', 'b']]]],
  ['a quote that is never closed', '"a,b\nc', [[1, ['a,b\nc']]]],
  ['semicolons', 'name;ip\nweb;10.0.0.1,10.0.0.2', [[1, ['name', 'ip']], [2, ['web', '10.0.0.1,10.0.0.2']]]],
  ['tabs', 'name\tip, all\tnote\nweb\t10.0.0.1\tx', [[1, ['name', 'ip, all', 'note']], [2, ['web', '10.0.0.1', 'x']]]],
])('%s', (_name, text, expected) => {
  expect(readCsv(text).map(({ line, cells }) => [line, cells])).toEqual(expected);
});

test.each([
  ['a,"b"\nc,"d\ne,f', [false, true]],
  ['a,"b"\nc,"d"', [false, false]],
  ['a,"b\nc', [true]],
])('%j: the record whose quote is never closed is known by it', (text, expected) => {
  expect(readCsv(text).map(({ isCut }) => isCut)).toEqual(expected);
});

test('whatever was written with every cell in quotes is read back', () => {
  const cell = fc.string({ maxLength: 12 }).map((text) => `x${text.trim()}x`);
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (rows) => {
      const text = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\r\n');
      // The separator is told from the first line; a cell of it may hold others.
      if (/[;\t]/.test(rows[0]?.join('') ?? '')) return;
      expect(readCsv(text).map(({ cells }) => cells)).toEqual(rows);
    }),
  );
});
