import { expect, test } from 'vitest';
import { findNearest } from './did-you-mean.ts';
import { parseDate } from './date-text.ts';
import { excerpt, normalizeText } from './source-lines.ts';

/** The character above the caret. */
const above = (text: string, line: number, column: number) => {
  const { source, caret } = excerpt(text, line, column);
  return source.slice(caret.length - 1, caret.length);
};

test('the caret stands below the character, behind tabs as behind spaces', () => {
  expect(excerpt('a\n\tkey: value', 2, 7)).toEqual({ source: '    key: value', caret: '         ^' });
  expect(above('\t\tx', 1, 3)).toBe('x');
});

test('wide characters take two columns and combining ones none', () => {
  expect(excerpt('日本: x', 1, 5).caret).toBe(`${' '.repeat(6)}^`);
  expect(excerpt('e\u0301: x', 1, 5).caret).toBe(`${' '.repeat(4 - 1)}^`);
  expect(excerpt('🔥: x', 1, 4).caret).toBe(`${' '.repeat(4)}^`);
});

test('lines end with a line feed, also in files from Windows, and the byte order mark is no character', () => {
  expect(excerpt('\ufeffone\r\ntwo\r\n', 1, 3)).toEqual({ source: 'one', caret: '  ^' });
  expect(excerpt('\ufeffone\r\ntwo\r\n', 2, 1)).toEqual({ source: 'two', caret: '^' });
  expect(normalizeText('\ufeffa\r\nb')).toBe('a\nb');
});

test('what a file says to a terminal is shown and not done, and the caret knows how long it became', () => {
  expect(excerpt('a\u001b[31mb', 1, 7)).toEqual({ source: 'a\\x1b[31mb', caret: `${' '.repeat(9)}^` });
  expect(excerpt('\u202eevil', 1, 2).source).toBe('\\u202eevil');
});

test('a long line is cut to what is around the place', () => {
  const { source, caret } = excerpt(`${'a'.repeat(300)}X${'b'.repeat(300)}`, 1, 301);
  expect([source.length < 130, source.startsWith('…'), source.endsWith('…'), source[caret.length - 1]]).toEqual([true, true, true, 'X']);
  expect(above(`${'a'.repeat(5_000_000)}X${'b'.repeat(300)}`, 1, 5_000_001)).toBe('X');
});

test('a place behind the end, or a line that is not there, is shown at the end', () => {
  expect(excerpt('ab', 1, 9)).toEqual({ source: 'ab', caret: '  ^' });
  expect(excerpt('ab', 7, 1)).toEqual({ source: '', caret: '^' });
});

test('the nearest known word is one or two slips away, and no word is better than a wrong one', () => {
  const keys = ['from', 'to', 'services', 'schedule'];
  expect(['form', 'From', 'servces', 'shedule', 'tо', 'priority', ''].map((word) => findNearest(word, keys))).toEqual(['from', 'from', 'services', 'schedule', 'to', null, null]);
});

test('days that the calendar does not have are refused', () => {
  expect(['2028-02-29', '2027-02-29', '2027-04-31', '2027-13-01', '2027-1-1', '2027-01-00'].map((text) => parseDate(text).ok)).toEqual([true, false, false, false, false, false]);
});
