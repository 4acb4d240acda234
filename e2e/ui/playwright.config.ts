import { defineConfig } from '@playwright/test';
import { filesOfPart } from '../../build/rings/parts.ts';

const files = filesOfPart('ui', ['*.spec.ts'], process.env['FIREBREAK_PART']);
const anywhere = (file: string): string => `**/${file.split('/').at(-1)}`;

/** The ui ring: the built renderer in an installed Chromium (`fixtures/launch-console.ts` starts it) over a real backend. One worker: two cores. */
export default defineConfig({
  testDir: '.',
  testMatch: files.include.map(anywhere),
  testIgnore: files.exclude.map(anywhere),
  outputDir: '../../out/ui-test-results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // One more go on a machine that others load; what needed it is named at the end of `npm test`.
  retries: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
});
