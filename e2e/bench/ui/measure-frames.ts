import type { Page } from 'playwright-core';

const DRAG_STEPS = 60;
const WHEEL_TURNS = 30;
/** From the picture's corner: nothing stands there, so that a drag moves the picture and not a node. */
const CORNER_PX = 6;

/** Times in ms between the frames of the browser while the picture of the map is dragged about and zoomed in and out with the mouse. */
export async function measureFrames(page: Page): Promise<number[]> {
  const box = await page.locator('[data-map-ready]').boundingBox();
  if (box === null) throw new Error('the map has no place on the screen');
  await page.evaluate(watchFrames);
  const [x, y] = [box.x + CORNER_PX, box.y + CORNER_PX];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 0; step < DRAG_STEPS; step++) await page.mouse.move(x + 160 * (1 - Math.cos(step / 6)), y + 90 * (1 - Math.cos(step / 9)));
  await page.mouse.up();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let turn = 0; turn < WHEEL_TURNS; turn++) await page.mouse.wheel(0, turn % 10 < 5 ? -120 : 120);
  return page.evaluate(readFrames);
}

/** Runs in the page: each frame tells when it is, as an entry of the browser's own timeline. */
function watchFrames(): void {
  const tick = (atMs: number) => {
    performance.mark('bench-frame', { startTime: atMs });
    if (document.documentElement.dataset.benchFrames === 'on') requestAnimationFrame(tick);
  };
  document.documentElement.dataset.benchFrames = 'on';
  requestAnimationFrame(tick);
}

function readFrames(): number[] {
  delete document.documentElement.dataset.benchFrames;
  const times = performance.getEntriesByName('bench-frame').map((entry) => entry.startTime);
  performance.clearMarks('bench-frame');
  return times.slice(1).map((atMs, i) => atMs - (times[i] ?? atMs));
}
