import { defineConfig } from '@playwright/test';

/** The ui ring: the built renderer in an installed Chromium (`fixtures/launch-console.ts` starts it) over a real backend. One worker: two cores. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
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
