import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quoteCommand } from '../../main/ssh/quote-command.ts';
import { splitWords } from './split-words.ts';

test('it undoes the quoting of the SSH pool, whatever the words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' })), (first, rest) => {
      const words: [string, ...string[]] = [`x${first}`, ...rest];
      const clean = words.map((word) => word.replaceAll('\0', ''));
      expect(splitWords(quoteCommand([`x${first.replaceAll('\0', '')}`, ...clean.slice(1)]), {})).toEqual(clean);
    }),
  );
});

test('a variable in double quotes is expanded into one word', () => {
  expect(splitWords('facts --ssh "$SSH_CONNECTION"', { SSH_CONNECTION: '10.0.0.9 5 10.0.0.1 22' })).toEqual(['facts', '--ssh', '10.0.0.9 5 10.0.0.1 22']);
});
