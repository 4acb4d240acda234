import { expect, test } from 'vitest';
import { inert, inertJson, inertLines } from './inert.ts';

test('a host name with terminal escapes and a bidi override prints as plain text', () => {
  expect(inert('db\u001b]8;;http://x\u0007\u202e1\r\n')).toBe('db\\x1b]8;;http://x\\x07\\u202e1\\x0d\\x0a');
});

test('ordinary text, accents and emoji are left alone', () => {
  expect(inert('naïve → büro 🔥')).toBe('naïve → büro 🔥');
});

test('text of several lines keeps its lines and tabs, and nothing else that moves a terminal', () => {
  expect(inertLines('one\n\ttwo\u001b[2K\r\u009b31m\n')).toBe('one\n\ttwo\\x1b[2K\\x0d\\x9b31m\n');
  expect(inertLines('')).toBe('');
});

test('JSON with such text is plain on a terminal and the same to a program', () => {
  const value = { unit: 'evil\u001b]0;x\u0007\u009b31m\u202e.service', lines: 'a\nb' };
  const text = inertJson(value);
  expect(text).toMatch(/^[\n -~]*$/);
  expect(JSON.parse(text)).toEqual(value);
});
