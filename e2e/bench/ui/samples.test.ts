import { expect, test } from 'vitest';
import { printSamples, type Sample } from './samples.ts';
import { printUiAims } from './ui-aims.ts';

const SAMPLES: readonly Sample[] = [
  { what: 'flows: fast', unit: 'ms', values: [1, 400, 2], aim: 'filter' },
  {
    what: 'flows: slow',
    unit: 'ms',
    values: [400, 500, 1],
    aim: 'filter',
    cpu: [
      { backendMs: 30, browserMs: 5 },
      { backendMs: 10, browserMs: 7 },
      { backendMs: 20, browserMs: 6 },
    ],
  },
  { what: 'memory', unit: 'MB', values: [120] },
  { what: 'start', unit: 'ms', values: [1499], aim: 'start' },
  { what: 'map', unit: 'ms', values: [], aim: 'map' },
];
const linesOf = (table: string) =>
  table
    .split('\n')
    .slice(2)
    .map((line) => line.replaceAll(/ +/g, ' ').trim());

test('each is told by median, best and worst, with its processor time beside it', () => {
  expect(linesOf(printSamples(SAMPLES))).toEqual([
    'flows: fast 2.0 ms 1.0 ms 400 ms',
    'flows: slow 400 ms 1.0 ms 500 ms 20 ms 6.0 ms',
    'memory 120 MB 120 MB 120 MB',
    'start 1499 ms 1499 ms 1499 ms',
    'map not measured',
  ]);
});

test('the slowest median of all that counts for an aim decides whether it is met; what was not measured is neither', () => {
  expect(linesOf(printUiAims(SAMPLES))).toEqual([
    'cold start to a usable overview < 1500 ms 1499 ms met start',
    'first readable map, 500 and 5,000 hosts < 1000 ms not measured -',
    'frames while panning and zooming, p95 < 33 ms not measured -',
    'any filter or order of the flows < 300 ms 400 ms missed flows: slow',
  ]);
});
