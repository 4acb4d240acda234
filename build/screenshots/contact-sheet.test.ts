import { expect, test } from 'vitest';
import { printContactSheet } from './contact-sheet.ts';
import type { Shot } from './shots.ts';

const shot = (screen: string, state: Shot['state'], theme: Shot['theme']): Shot => ({ screen, state, size: '1280x800', theme });

test('the sheet has each picture once, by screen and then by state in the order of the states, whatever the order of the files', () => {
  const html = printContactSheet([
    shot('rules', 'empty', 'light'),
    shot('map', 'empty', 'light'),
    shot('map', 'seeded', 'dark'),
    shot('map', 'seeded', 'light'),
  ]);
  const parts = [...html.matchAll(/<h2 id="(.+?)"|<h3>(.+?)<|src="(.+?)"/g)].map((match) => match[1] ?? match[2] ?? match[3]);
  expect(parts).toEqual([
    'map',
    'seeded',
    'map-seeded-1280x800-light.png',
    'map-seeded-1280x800-dark.png',
    'empty',
    'map-empty-1280x800-light.png',
    'rules',
    'empty',
    'rules-empty-1280x800-light.png',
  ]);
  expect(html).toContain('4 pictures');
});

test('an empty folder has a sheet that says so', () => {
  expect(printContactSheet([])).toContain('0 pictures');
});
