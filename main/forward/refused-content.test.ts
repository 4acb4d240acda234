import { expect, test } from 'vitest';
import { RefusedContent, sendAround } from './refused-content.ts';

/** A receiver that refuses what holds one of these, and more than `most` at once. */
function receiver(bad: readonly string[], most = 100) {
  const taken: string[][] = [];
  const send = async (texts: readonly string[]) => {
    if (texts.length > most || texts.some((text) => bad.includes(text))) throw new RefusedContent('the receiver answered 400');
    taken.push([...texts]);
  };
  return { taken, send };
}

test('all are sent at once where nothing is refused', async () => {
  const { taken, send } = receiver([]);
  expect(await sendAround(['a', 'b', 'c'], send)).toEqual({ through: 3, refused: null });
  expect(taken).toEqual([['a', 'b', 'c']]);
});

test('those before a refused one are sent, and those of a batch that is too large by parts', async () => {
  const { taken, send } = receiver(['d']);
  expect(await sendAround(['a', 'b', 'c', 'd', 'e'], send)).toEqual({ through: 3, refused: null });
  expect(taken).toEqual([['a', 'b', 'c']]);
  expect(await sendAround(['a', 'b', 'c'], receiver([], 1).send)).toEqual({ through: 1, refused: null });
});

test('a refused one is given up for once the next one was taken', async () => {
  const { taken, send } = receiver(['a']);
  expect(await sendAround(['a', 'b', 'c'], send)).toEqual({ through: 2, refused: 'the receiver answered 400' });
  expect(taken).toEqual([['b']]);
});

test('who refuses everything loses nothing, nor does one message alone, nor whoever cannot be reached', async () => {
  await expect(sendAround(['a', 'b', 'c'], receiver([], 0).send)).rejects.toThrow('answered 400');
  await expect(sendAround(['a'], receiver(['a']).send)).rejects.toThrow('answered 400');
  await expect(sendAround(['a', 'b'], () => Promise.reject(new Error('ECONNREFUSED')))).rejects.toThrow('ECONNREFUSED');
});
