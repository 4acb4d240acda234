import { expect, test } from 'vitest';
import { boxAround } from './map-geometry.ts';
import { labelsWithoutRoom } from './place-labels.ts';

const place = (x: number) => ({ offsetPx: 0, box: boxAround({ x, y: 0 }, 40, 16) });

test('of labels that meet, the first keeps its room; one on a node has none, and takes none from others', () => {
  const places = new Map([['on node', place(0)], ['beside it', place(41)], ['first', place(200)], ['second', place(230)], ['free', place(300)]]);
  expect([...labelsWithoutRoom(places, [boxAround({ x: -20, y: 0 }, 10, 10)])]).toEqual(['on node', 'second']);
});
