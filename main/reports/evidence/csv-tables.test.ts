import { describe, expect, test } from 'vitest';
import { cell, toCellText } from './evidence-cell.ts';
import { printCsv, readCsv } from './csv-text.ts';

describe('cells', () => {
  test.each([
    ['=HYPERLINK("http://x")', `'=HYPERLINK("http://x")`],
    ['+1', `'+1`],
    ['-2+3', `'-2+3`],
    ['@SUM(A1)', `'@SUM(A1)`],
    ['\uff1d1', `'\uff1d1`],
    ['\t=1', String.raw`\x09=1`],
    ['\u001b[31mred', String.raw`\x1b[31mred`],
    ['a\u202eb', String.raw`a\u202eb`],
    ['two\r\nlines', String.raw`two\x0d\x0alines`],
    ['<b>', '<b>'],
    [`'=1`, `'=1`],
  ])('the text %j is held as %j, and read as that', (text, held) => {
    expect(cell.text.encode(text)).toBe(held);
    expect(toCellText(held)).toBe(held);
    expect(cell.text.parse(held)).toBe(held);
  });

  test('a cell that Firebreak would not write is refused', () => {
    for (const [kind, text] of [
      [cell.text, '=1'],
      [cell.time, '2026-11-21T12:00:00Z'],
      [cell.time, '2026-02-30T00:00:00.000Z'],
      [cell.time, ''],
      [cell.count, '1.5'],
      [cell.count, '01'],
      [cell.count, ''],
      [cell.count, '1e3'],
      [cell.flag, 'true'],
    ] as const)
      expect(kind.safeParse(text).success, text).toBe(false);
  });

  test('what may be unknown is empty', () => {
    expect([cell.maybeTime.parse(''), cell.maybeTime.encode(null), cell.maybeCount.parse(''), cell.maybeCount.encode(null)]).toEqual([null, '', null, '']);
    expect(cell.maybeCount.parse('-273')).toBe(-273);
  });
});

describe('CSV', () => {
  const columns = ['name', 'note'];
  test.each([[[]], [[{ name: 'a', note: '' }]], [[{ name: 'a,b', note: 'says "no"' }, { name: '', note: ' spaces ' }]]])('%j is read as it was written', (rows) => {
    const text = printCsv(columns, rows);
    expect(text.endsWith('\r\n')).toBe(true);
    expect(readCsv(text, 9)).toEqual({ ok: true, records: [columns, ...rows.map(({ name, note }) => [name, note])].map((cells, i) => ({ line: i + 1, cells })) });
  });

  test.each(['a,b\n', 'a,b', 'a,"b\r\n', 'a"b,c\r\n', '"a"b,c\r\n', 'a,b\r\nc'])('%j is refused, as RFC 4180 wants it otherwise', (text) => {
    expect(readCsv(text, 9).ok).toBe(false);
  });

  test('a long cell without an end is refused in time that is linear', () => {
    expect(readCsv(`"${'a""'.repeat(300_000)}`, 9)).toMatchObject({ ok: false, line: 1 });
  });

  test('more records or cells than a table has are refused where they begin', () => {
    expect(readCsv('a\r\n'.repeat(10), 9)).toEqual({ ok: false, line: 11, problem: 'there are more than 9 records' });
    expect(readCsv(`${','.repeat(1_000_000)}\r\n`, 9)).toEqual({ ok: false, line: 1, problem: 'a record has more than 64 cells' });
  });
});
