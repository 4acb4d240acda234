import { expect, test } from 'vitest';
import { inert } from './inert.ts';

test('a host name with terminal escapes and a bidi override prints as plain text', () => {
  expect(inert('db\u001b]8;;http://x\u0007\u202e1\r\n')).toBe('db\\x1b]8;;http://x\\x07\\u202e1\\x0d\\x0a');
});

test('ordinary text, accents and emoji are left alone', () => {
  expect(inert('naïve → büro 🔥')).toBe('naïve → büro 🔥');
});
