import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedWorkspace } from '../../e2e/seed/seed-workspace.ts';
import { launchConsole } from '../../e2e/ui/fixtures/launch-console.ts';
import { ROUTES } from '../../renderer/routes.ts';
import { describeError } from '../../shared/error-text.ts';
import { FirebreakError } from '../../shared/errors.ts';

/**
 * `npm run screenshots`: every screen in light and dark at 1280 × 800, of a seeded workspace, to out/screenshots/NAME-THEME.png.
 * The same every time: seed and clock are fixed. Exit 1 when a screen did not get ready or complained on the console.
 */
const folder = new URL('../../out/screenshots', import.meta.url).pathname;
const nowMs = Date.UTC(2026, 10, 20, 10, 0);
const readyWithinMs = 20_000;

async function takeAll(workspacePath: string, theme: 'light' | 'dark'): Promise<string[]> {
  const console_ = await launchConsole({ workspacePath, colorScheme: theme, nowMs: () => nowMs });
  const { page, problems } = console_;
  try {
    // The page's own clock as well: it says how long ago things were.
    await page.clock.setFixedTime(nowMs);
    for (const { name, path } of ROUTES) {
      await page.goto(`${new URL(page.url()).origin}/#${path}`);
      await page.reload();
      await page.locator('main').waitFor({ timeout: readyWithinMs });
      if (path === '/map') await page.locator('[data-map-ready="true"]').waitFor({ timeout: readyWithinMs });
      await page.locator('[data-loading]').first().waitFor({ state: 'detached', timeout: readyWithinMs });
      await page.evaluate('document.fonts.ready');
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`), animations: 'disabled' });
      console.log(`${name}-${theme}.png`);
    }
    return [...problems];
  } finally {
    await console_.close();
  }
}

async function main(): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const workDir = mkdtempSync(join(tmpdir(), 'firebreak-screenshots-'));
  try {
    const path = join(workDir, 'shop.firebreak');
    console.log('seeding a workspace');
    await seedWorkspace({ path, nowMs });
    const problems = [...(await takeAll(path, 'light')), ...(await takeAll(path, 'dark'))];
    for (const problem of new Set(problems)) console.error(problem);
    return problems.length === 0 ? 0 : 1;
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

// Chromium's sandbox refuses root; the page is our own, over data that we made.
if (process.getuid?.() === 0) process.env.FIREBREAK_TEST_NO_SANDBOX = '1';
try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof FirebreakError)) throw error;
  const { title, hint } = describeError(error.code, error.payload);
  console.error(`${title}\n${hint}`);
  process.exitCode = 1;
}
