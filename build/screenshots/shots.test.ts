import { describe, expect, test } from 'vitest';
import { parseShotFile, planShots, type ShotScreen, shotFile } from './shots.ts';

const map: ShotScreen = { name: 'map', states: ['seeded', 'empty'], isMain: true };
const addHost: ShotScreen = { name: 'add-host', states: ['seeded'], isMain: false };
const all = { screens: [], states: [], sizes: [], themes: [] };

describe('screenshots', () => {
  test('nothing chosen is every state of every screen in both sizes, light and dark, and the main ones once in high contrast', () => {
    expect(planShots([map, addHost], all).map(shotFile)).toEqual([
      'map-seeded-1280x800-light.png',
      'map-seeded-1280x800-dark.png',
      'map-seeded-1280x800-contrast.png',
      'map-seeded-1280x800-contrast-dark.png',
      'map-seeded-1920x1080-light.png',
      'map-seeded-1920x1080-dark.png',
      'add-host-seeded-1280x800-light.png',
      'add-host-seeded-1280x800-dark.png',
      'add-host-seeded-1920x1080-light.png',
      'add-host-seeded-1920x1080-dark.png',
      'map-empty-1280x800-light.png',
      'map-empty-1280x800-dark.png',
      'map-empty-1920x1080-light.png',
      'map-empty-1920x1080-dark.png',
    ]);
  });

  test('a chosen part is what all four choices have in common, high contrast as well where it is named', () => {
    const choice = { screens: ['map'], states: ['empty' as const], sizes: ['1920x1080' as const], themes: ['contrast' as const] };
    expect(planShots([map, addHost], choice).map(shotFile)).toEqual(['map-empty-1920x1080-contrast.png']);
    expect(planShots([map, addHost], { ...all, screens: ['add-host'], states: ['empty'] })).toEqual([]);
  });

  test('a file says what it shows, and a strange one says nothing', () => {
    for (const shot of planShots([map, addHost], all)) expect(parseShotFile(shotFile(shot))).toEqual(shot);
    expect(parseShotFile('map-light.png')).toBeUndefined();
    expect(parseShotFile('map-seeded-1280x800-light.png.bak')).toBeUndefined();
  });
});
