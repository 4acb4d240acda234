import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import type { Browser } from 'playwright-core';
import { launchHeadless } from '../../main/browser/launch-chromium.ts';
import { createWorkspace } from '../../main/db/create-workspace.ts';
import { boundAnswer, type LookUp } from '../../main/services/look-up.ts';
import { createMemoryPool } from '../seed/memory-pool.ts';
import { seedWorkspace } from '../seed/seed-workspace.ts';
import { type LaunchedConsole, launchConsole } from './fixtures/launch-console.ts';
import { type LiveSite, startLiveSite } from './fixtures/live-site.ts';

type TestFixtures = {
  readonly theme: 'light' | 'dark';
  /** The console on a copy of the seeded workspace; its hosts do not answer. */
  readonly seeded: LaunchedConsole;
  /** The console on an empty workspace. */
  readonly empty: LaunchedConsole;
  /** The console on an empty workspace, and in-process hosts that it can add and push to. */
  readonly live: { readonly app: LaunchedConsole; readonly site: LiveSite };
};
type WorkerFixtures = {
  readonly seedPath: string;
  /** The installed Chromium, one for all tests of a worker. */
  readonly chromiumBrowser: Browser;
};

function newFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'firebreak-ui-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const noKey = (): never => {
  throw new Error('hosts of the seeded workspace do not answer');
};

/** Runs `use` on a console, then closes it and fails when the page complained of anything: console errors, CSP, Trusted Types, uncaught errors. */
async function withConsole(options: Parameters<typeof launchConsole>[0], use: (app: LaunchedConsole) => Promise<void>): Promise<void> {
  const app = await launchConsole(options);
  try {
    await use(app);
    expect(app.problems).toEqual([]);
  } finally {
    await app.close();
  }
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  theme: ['light', { option: true }],
  seedPath: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from the destructured parameter
    async ({}, use) => {
      const folder = newFolder();
      const path = join(folder.path, 'seed.firebreak');
      await seedWorkspace({ path, seed: 1 });
      await use(path);
      folder.remove();
    },
    { scope: 'worker' },
  ],
  chromiumBrowser: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use) => {
      const browser = await launchHeadless();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  seeded: async ({ seedPath, theme, chromiumBrowser: browser }, use) => {
    const folder = newFolder();
    const workspacePath = join(folder.path, 'seeded.firebreak');
    copyFileSync(seedPath, workspacePath);
    // Its addresses are made up: nothing is to be sent there when a screen asks hosts.
    await withConsole({ workspacePath, colorScheme: theme, browser, sshPool: createMemoryPool([], noKey) }, use);
    folder.remove();
  },
  empty: async ({ theme, chromiumBrowser: browser }, use) => {
    const folder = newFolder();
    const workspacePath = join(folder.path, 'empty.firebreak');
    createWorkspace(workspacePath);
    await withConsole({ workspacePath, colorScheme: theme, browser }, use);
    folder.remove();
  },
  live: async ({ theme, chromiumBrowser: browser }, use) => {
    const folder = newFolder();
    const workspacePath = join(folder.path, 'live.firebreak');
    createWorkspace(workspacePath);
    const site = await startLiveSite(folder.path);
    try {
      const lookUp: LookUp = (name) => Promise.resolve(site.dns.has(name) ? boundAnswer(site.dns.get(name) ?? []) : { addresses: [], problem: 'there is no such name' });
      await withConsole({ workspacePath, colorScheme: theme, browser, lookUp }, (app) => use({ app, site }));
    } finally {
      await site.close();
      folder.remove();
    }
  },
});

export { expect };
