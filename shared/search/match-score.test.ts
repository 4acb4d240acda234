import { expect, test } from 'vitest';
import { matchScore } from './match-score.ts';

const ranked = (text: string, names: readonly string[]) => names.filter((name) => matchScore(text, [name]) > 0).toSorted((a, b) => matchScore(text, [b]) - matchScore(text, [a]));

test('the very name comes first, then what begins with the text, then a word that does, then the middle of one', () => {
  expect(ranked('web', ['cobweb-1', 'shop-web-1', 'web-1', 'web'])).toEqual(['web', 'web-1', 'shop-web-1', 'cobweb-1']);
});

test('of two that fit equally the shorter name wins', () => {
  expect(ranked('web', ['web-1-in-frankfurt', 'web-1'])).toEqual(['web-1', 'web-1-in-frankfurt']);
});

test('every word has to fit somewhere', () => {
  expect(matchScore('web prod', ['web-1', 'env=prod'])).toBeGreaterThan(0);
  expect(matchScore('web dev', ['web-1', 'env=prod'])).toBe(0);
});

test('what stands in a further field counts for less than in the name', () => {
  expect(matchScore('shop', ['shop-1', ''])).toBeGreaterThan(matchScore('shop', ['web-1', 'shop']));
});

test('letters may be left out after the first of a word, and not by chance', () => {
  expect(matchScore('gfl', ['Go to Flows'])).toBeGreaterThan(0);
  expect(matchScore('oo', ['Go to Flows'])).toBe(0);
  expect(matchScore('xyz', ['Go to Flows'])).toBe(0);
});

test('a blank text fits nothing', () => {
  expect(matchScore('  ', ['web'])).toBe(0);
});

test('a text that is a pattern elsewhere is only text', () => {
  expect(matchScore('.*', ['web-1'])).toBe(0);
  expect(matchScore('10.0.', ['10.0.0.1'])).toBeGreaterThan(0);
});
