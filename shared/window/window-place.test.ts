import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Bounds, MIN_WINDOW, placeWindow } from './window-place.ts';

const LAPTOP: Bounds = { x: 0, y: 0, width: 1920, height: 1040 };
/** To the left of the laptop, and higher. */
const MONITOR: Bounds = { x: -2560, y: -200, width: 2560, height: 1400 };
const was = (x: number, y: number, width = 1200, height = 800): Bounds => ({ x, y, width, height });

test.each<[string, Bounds | null, Bounds[], object]>([
  ['nothing is known: in the middle of the first screen', null, [LAPTOP, MONITOR], { x: 240, y: 70, width: 1440, height: 900 }],
  ['no screen is named and nothing is known: the system chooses', null, [], { width: 1440, height: 900 }],
  ['no screen is named: where it was', was(5, 6), [], was(5, 6)],
  ['on the second screen', was(-2000, -100), [LAPTOP, MONITOR], was(-2000, -100)],
  ['the second screen is gone: in the middle of the one that is left', was(-2000, -100), [LAPTOP], { x: 360, y: 120, width: 1200, height: 800 }],
  ['across the edge, with enough to take hold of', was(1700, 100), [LAPTOP], was(1700, 100)],
  ['across the edge, with too little to take hold of', was(1800, 100), [LAPTOP], { x: 360, y: 120, width: 1200, height: 800 }],
  ['its title bar above the screen', was(100, -30), [LAPTOP], { x: 360, y: 120, width: 1200, height: 800 }],
  ['larger than its screen', was(0, 0, 4000, 3000), [LAPTOP], LAPTOP],
  ['smaller than the page needs', was(10, 20, 200, 100), [LAPTOP], { x: 10, y: 20, ...MIN_WINDOW }],
])('%s', (_name, before, screens, expected) => {
  expect(placeWindow(before, screens)).toEqual(expected);
});

test('whatever was stored and whatever screens there are, the title bar can be taken hold of', () => {
  const place = fc.integer({ min: -6000, max: 6000 });
  const bounds = (min: number) => fc.record({ x: place, y: place, width: fc.integer({ min, max: 6000 }), height: fc.integer({ min, max: 6000 }) });
  fc.assert(
    fc.property(bounds(1), fc.array(bounds(600), { minLength: 1, maxLength: 3 }), (before, screens) => {
      const at = placeWindow(before, screens);
      if (!('x' in at)) return false;
      return screens.some((screen) => Math.min(at.x + at.width, screen.x + screen.width) - Math.max(at.x, screen.x) >= 160 && at.y >= screen.y && at.y + 24 <= screen.y + screen.height);
    }),
  );
});
