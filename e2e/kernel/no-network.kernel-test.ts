import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureRenderer } from '../../build/renderer/build-renderer.ts';
import { findChromium } from '../../main/browser/find-chromium.ts';
import { createWatchedNetwork, type WatchedNetwork } from './watched-network.ts';

/** SECURITY.md, “The console talks to nobody”: the kernel's account of what the console sends. */
const root = new URL('../..', import.meta.url).pathname;
const bin = (name: string) => join(root, 'node_modules/.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'firebreak-no-network-'));
const sample = join(folder, 'sample.firebreak');
let network: WatchedNetwork;

beforeAll(async () => {
  await ensureRenderer(root, () => undefined);
});
beforeEach(() => {
  network?.remove();
  network = createWatchedNetwork('quiet');
});
afterAll(() => {
  network?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const firebreak = (...words: string[]) => network.exec([bin('node'), join(root, 'main/cli/main.ts'), '--workspace', sample, ...words], { HOME: folder, FIREBREAK_TEST_NO_SANDBOX: '1' });

test('the command line sends nothing for anything that is not about a host', () => {
  const pdf = findChromium() === null ? [] : [`report kpi --out ${folder}/kpi.pdf`];
  for (const words of [`sample create ${sample}`, 'overview', 'zone maturity', 'suggest', 'policy lint', 'search db', 'matrix', 'alerts list', 'forward list', `report kpi --out ${folder}/kpi.html`, ...pdf, 'audit verify']) {
    const { code, output } = firebreak(...words.split(' '));
    expect([0, 3], `${words}: ${output}`).toContain(code);
  }
  expect(readFileSync(join(folder, 'kpi.html'), 'utf8')).not.toMatch(/(?:src|href)="https?:/);
  expect(network.sent()).toEqual([]);
});

test('asking for a host’s key sends to its SSH port, and nowhere else: what was not seen above would have been seen', () => {
  const path = join(folder, 'one.firebreak');
  const at = (...words: string[]) => network.exec([bin('node'), join(root, 'main/cli/main.ts'), '--workspace', path, ...words], { HOME: folder });
  for (const words of [['init'], ['host', 'add', 'db-1', '--address', 'root@192.0.2.50:2222', '--identity', 'password', '--label', 'app=shop']]) {
    const { code, output } = at(...words);
    expect(code, output).toBe(0);
  }
  expect(network.sent()).toEqual([]);
  expect(at('host', 'trust', 'db-1').code).toBe(1);
  expect(network.sent()).toEqual(['192.0.2.50 tcp 2222']);
});

test.skipIf(findChromium() === null)('a window sends nothing, from its first start through the sample to a diff', () => {
  const { code, output } = network.exec([bin('playwright'), 'test', '--config', join(root, 'e2e/ui/playwright.config.ts'), 'first-run', '--grep', 'a newcomer goes from the first start', '--output', join(folder, 'ui')], { FIREBREAK_TEST_NO_SANDBOX: '1' });
  expect(code, output).toBe(0);
  expect(network.sent()).toEqual([]);
});
