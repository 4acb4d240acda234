import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteCommand, quoteWord } from './quote-command.ts';

const sh = (command: string) => execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' });

test('words that no shell reads into stay as they are', () => {
  expect(quoteCommand(['/usr/local/sbin/firebreak-agent', 'apply', '--confirm-within', '60'])).toBe('/usr/local/sbin/firebreak-agent apply --confirm-within 60');
});

test('a single quote inside a word survives', () => {
  expect(quoteWord("it's")).toBe("'it'\\''s'");
});

test('an empty word is still a word', () => {
  expect(sh(quoteCommand(['sh', '-c', 'echo $#', 'sh', '', '']))).toBe('2\n');
});

test('a raw suffix is expanded by the shell and the words before it are not', () => {
  expect(sh(`X='10.0.0.1 5 10.0.0.2 22'; ${quoteCommand(['printf', '%s|', '$X'], '"$X"')}`)).toBe('$X|10.0.0.1 5 10.0.0.2 22|');
});

test('a word with a NUL byte is refused', () => {
  expect(() => quoteCommand(['echo', 'a\0b'])).toThrow('INTERNAL');
});

test('a real sh gives back exactly the words that went in, whatever they are', () => {
  const word = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('$(id)', '`id`', '; rm -rf /', '"; flush ruleset; #', "'", '\\', '\n', '-n', '~', '*', '!x', '\u202e', '#', 'a=b')).map((text) => text.replaceAll('\0', ''));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), (words) => {
      expect(sh(quoteCommand(['printf', '%s\\0', 'first', ...words]))).toBe(['first', ...words].map((text) => `${text}\0`).join(''));
    }),
    { numRuns: 60 },
  );
});
