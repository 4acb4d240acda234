import { expect, test } from 'vitest';
import { FirebreakError } from '../../shared/errors.ts';
import { readOrder } from './read-choice.ts';

const read = (...argv: string[]) => readOrder(argv, ['map', 'hosts', 'rules']);

test('options name a part, with commas or more than once; without one it is all', () => {
  expect(read()).toEqual({ isReadme: false, choice: { screens: [], states: [], sizes: [], themes: [] } });
  expect(read('--screen', 'map,rules', '--state', 'empty', '--state', 'error', '--size', '1920x1080', '--theme', 'dark')).toEqual({
    isReadme: false,
    choice: { screens: ['map', 'rules'], states: ['empty', 'error'], sizes: ['1920x1080'], themes: ['dark'] },
  });
  expect(read('--readme').isReadme).toBe(true);
});

test('a name that is none is refused with those that there are', () => {
  const refusal = (...argv: string[]): unknown => {
    try {
      return read(...argv);
    } catch (error) {
      return error instanceof FirebreakError ? [error.code, error.payload] : error;
    }
  };
  expect(refusal('--screen', 'map,none')).toEqual(['NOT_FOUND', { what: 'screen', name: 'none', known: ['map', 'hosts', 'rules'] }]);
  expect(refusal('--size', '800x600')).toEqual(['NOT_FOUND', { what: 'size', name: '800x600', known: ['1280x800', '1920x1080'] }]);
  expect(refusal('--colour', 'blue')).toBeInstanceOf(TypeError);
});
