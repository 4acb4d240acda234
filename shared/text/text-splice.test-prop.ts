import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applySplice, spliceBetween, turnSplice } from './text-splice.ts';

const texts = fc.string({ unit: fc.constantFrom('a', 'b', '😀', '😁', '"', 'é'), maxLength: 12 });

test('any text becomes any other by its splice, and back by the splice turned round', () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const splice = spliceBetween(before, after);
      expect([applySplice(before, splice), applySplice(after, turnSplice(splice))]).toEqual([after, before]);
    }),
  );
});

test('no splice holds half of a surrogate pair', () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      const { removed, inserted } = spliceBetween(before, after);
      expect([removed.isWellFormed(), inserted.isWellFormed()]).toEqual([true, true]);
    }),
  );
});

test('a splice takes out and puts in no more than what differs', () => {
  expect(spliceBetween('rules: a, b, c', 'rules: a, x, c')).toEqual({ at: 10, removed: 'b', inserted: 'x' });
  expect(spliceBetween('same', 'same')).toEqual({ at: 4, removed: '', inserted: '' });
});

test('a text that does not have what is taken out is left alone', () => {
  expect(applySplice('rules: a', { at: 7, removed: 'b', inserted: 'c' })).toBeNull();
});
