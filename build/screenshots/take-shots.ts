import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { colorScheme, isHighContrast, type Shot, shotFile, sizePx, type State } from './shots.ts';
import type { Screen } from './screens.ts';
import type { Stage } from './stages.ts';

const READY_WITHIN_MS = 180_000;

type Take = { readonly stage: Stage; readonly screen: Screen; readonly shots: readonly Shot[]; readonly folder: string };

/** Takes the pictures of one screen in one state. Gives what is wrong with them, beside what the page itself complains of: a state that does not show. */
export async function takeShots({ stage, screen, shots, folder }: Take): Promise<string[]> {
  const { page } = stage.console;
  const problems: string[] = [];
  // The page's own clock as well: it says how long ago things were.
  await page.clock.setFixedTime(stage.nowMs);
  for (const together of Map.groupBy(shots, ({ size, theme }) => `${size} ${isHighContrast(theme)}`).values()) {
    const [first] = together;
    if (first === undefined) continue;
    await page.setViewportSize(sizePx(first.size));
    await page.emulateMedia({ colorScheme: colorScheme(first.theme) });
    await page.evaluate(`localStorage.setItem('firebreak.contrast', '${isHighContrast(first.theme) ? 'high' : 'normal'}')`);
    await openAnew(page, screen.path(first.state));
    await becomeReady(page, first.state);
    if (screen.act !== undefined) {
      await screen.act(page);
      await becomeReady(page, first.state);
    }
    const missing = await findMissing(page, first.state);
    if (missing !== null) problems.push(`${shotFile(first)}: ${missing}`);
    for (const shot of together) {
      await page.emulateMedia({ colorScheme: colorScheme(shot.theme) });
      await drawn(page);
      await page.screenshot({ path: join(folder, shotFile(shot)), animations: 'disabled' });
      console.log(shotFile(shot));
    }
  }
  return problems;
}

/** Another hash alone would leave the page as it is: it is to load from its beginning. */
async function openAnew(page: Page, path: string): Promise<void> {
  await Promise.all([
    page.waitForEvent('load', { timeout: READY_WITHIN_MS }),
    page.evaluate(`location.hash = ${JSON.stringify(`#${path}`)}; setTimeout(() => location.reload())`),
  ]);
}

async function becomeReady(page: Page, state: State): Promise<void> {
  await page.locator('main').waitFor({ timeout: READY_WITHIN_MS });
  if (state !== 'loading') await page.locator('[data-loading], [data-map-ready="false"]').first().waitFor({ state: 'detached', timeout: READY_WITHIN_MS });
  await page.evaluate('document.fonts.ready');
  await drawn(page);
}

/** Two frames: what the first one began, such as a canvas, is there after the second. */
async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
}

/** A state must be seen: what waits says so, and a failure is a sentence with what to do. */
async function findMissing(page: Page, state: State): Promise<string | null> {
  const has = async (selector: string) => (await page.locator(selector).count()) > 0;
  if (state === 'loading') return (await has('main [data-loading], main [role="status"]')) ? null : 'nothing says that it loads';
  if (state === 'error') return (await has('main [role="alert"] .note-hint')) ? null : 'nothing says what failed and what to do';
  return (await has('main [role="alert"]')) && state !== 'empty' ? 'something failed' : null;
}
