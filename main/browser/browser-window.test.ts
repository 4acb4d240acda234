import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FirebreakPort } from '../../shared/contract/window-port.ts';
import { findChromium } from './find-chromium.ts';
import { loadKeptStorage } from './kept-storage.ts';
import { type OpenedWindow, openWindow } from './open-window.ts';
import { pageOrigin } from './serve-page.ts';

// Chromium's sandbox refuses root; the page here is our own.
if (process.getuid?.() === 0) process.env.FIREBREAK_TEST_NO_SANDBOX = '1';

const script = `
  const heard = [];
  window.heard = heard;
  window.firebreakPort.onMessage((message) => heard.push(message));
  window.firebreakPort.onClose(() => heard.push('closed'));
  window.firebreakPort.postMessage('hello from load');
  window.rawBridge = typeof window.firebreakBridge;
  try { window.evil = new Function('return 1')(); } catch (error) { window.evil = error.name; }
`;

let rendererDir = '';
const opened: OpenedWindow[] = [];

beforeAll(() => {
  rendererDir = mkdtempSync(join(tmpdir(), 'firebreak-page-'));
  mkdirSync(join(rendererDir, 'assets'));
  writeFileSync(
    join(rendererDir, 'index.html'),
    '<!doctype html><title>page</title><script>window.inline = 1</script><script src="./assets/a.js"></script><a href="https://example.invalid/">away</a>',
  );
  writeFileSync(join(rendererDir, 'assets', 'a.js'), script);
  writeFileSync(join(rendererDir, 'secret.txt'), 'no type of ours');
});
afterEach(async () => {
  for (const window of opened.splice(0)) await window.close();
});
afterAll(() => rmSync(rendererDir, { recursive: true, force: true }));

type Heard = { ports: FirebreakPort[]; messages: string[]; closes: number };

async function open(answer: (port: FirebreakPort, message: string) => void = () => undefined, configDir?: string) {
  const heard: Heard = { ports: [], messages: [], closes: 0 };
  const window = await openWindow({
    rendererDir,
    ...(configDir === undefined ? {} : { configDir }),
    size: { width: 800, height: 600 },
    headless: true,
    connect: (port) => {
      heard.ports.push(port);
      port.onMessage((message) => {
        heard.messages.push(message);
        answer(port, message);
      });
      port.onClose(() => {
        heard.closes += 1;
      });
    },
  });
  opened.push(window);
  return { page: window.page, window, heard };
}

describe.skipIf(findChromium() === null)('the Chromium window', { timeout: 60_000 }, () => {
  test('messages arrive in order, both ways', async () => {
    const { page, heard } = await open((port, message) => port.postMessage(`echo ${message}`));
    const sent = Array.from({ length: 500 }, (_, i) => `m${i}`);
    await page.evaluate(`for (const m of ${JSON.stringify(sent)}) window.firebreakPort.postMessage(m)`);
    await expect.poll(() => page.evaluate('window.heard.length')).toBe(501);
    expect(heard.messages).toEqual(['hello from load', ...sent]);
    expect(await page.evaluate('window.heard')).toEqual(['echo hello from load', ...sent.map((m) => `echo ${m}`)]);
  });

  test('what the page stores under our names is there in the next window, a broken file is as none, and without a folder nothing is kept', async () => {
    const configDir = mkdtempSync(join(tmpdir(), 'firebreak-kept-'));
    const choose = (theme: string) => `localStorage.setItem('firebreak.theme', '${theme}'); localStorage.setItem('other', 'x'); window.firebreakKept === undefined`;
    const stored = `[localStorage.getItem('firebreak.theme'), localStorage.getItem('other')]`;
    const first = await open(undefined, configDir);
    expect(await first.page.evaluate(stored)).toEqual([null, null]);
    expect(await first.page.evaluate(choose('dark'))).toBe(true);
    await expect.poll(() => loadKeptStorage(configDir)).toEqual([['firebreak.theme', 'dark']]);
    await first.page.reload();
    expect(await first.page.evaluate(stored)).toEqual(['dark', 'x']);
    const second = await open(undefined, configDir);
    expect(await second.page.evaluate(stored)).toEqual(['dark', null]);
    await second.page.evaluate(choose('light'));
    await expect.poll(() => loadKeptStorage(configDir)).toEqual([['firebreak.theme', 'light']]);
    writeFileSync(join(configDir, 'chromium-window.json'), '{"v":1,"entries":[["evil","x"]]}');
    expect(await (await open(undefined, configDir)).page.evaluate(stored)).toEqual([null, null]);
    expect(await (await open()).page.evaluate(stored)).toEqual([null, null]);
    rmSync(configDir, { recursive: true });
  });

  test('a long message survives, with every kind of character', async () => {
    const { page } = await open((port, message) => port.postMessage(message));
    const long = `${'ß\u2028😀"\\'.repeat(100_000)}`;
    await page.evaluate((text) => (window as unknown as { firebreakPort: FirebreakPort }).firebreakPort.postMessage(text), long);
    await expect.poll(() => page.evaluate('window.heard.length')).toBe(2);
    expect(await page.evaluate(`window.heard[1].length`)).toBe(long.length);
  });

  test('a document of the page is printed, and nothing that is none', async () => {
    const { page } = await open();
    expect(await page.evaluate(`window.firebreakPort.printPdf('<p>report</p>').then((pdf) => atob(pdf).slice(0, 5))`)).toBe('%PDF-');
    expect(await page.evaluate(`window.firebreakPort.printPdf({}).catch((error) => error.name)`)).toBe('TypeError');
  });

  test('loading the page again ends the first connection and opens a second', async () => {
    const { page, heard } = await open();
    await page.reload();
    await expect.poll(() => heard.messages).toEqual(['hello from load', 'hello from load']);
    expect(heard.ports).toHaveLength(2);
    expect(heard.closes).toBe(1);
  });

  test('closing the window closes the backend’s end', async () => {
    const { window, heard } = await open();
    await expect.poll(() => heard.messages.length).toBe(1);
    await window.close();
    await window.closed;
    expect(heard.closes).toBe(1);
  });

  test('inline script, eval and the raw binding are out of reach of the page', async () => {
    const { page } = await open();
    await expect.poll(() => page.evaluate('window.evil')).toBeDefined();
    expect(await page.evaluate('({ inline: window.inline, evil: window.evil, raw: window.rawBridge })')).toEqual({ evil: 'EvalError', raw: 'undefined' });
  });

  test('the page can neither go away, nor open a window, nor fetch from elsewhere', async () => {
    const { page } = await open();
    await page.click('a').catch(() => undefined);
    await page.evaluate(`window.open('https://example.invalid/', '_blank')`).catch(() => undefined);
    const fetched = await page.evaluate(`fetch('https://example.invalid/').then(() => 'got it', (e) => e.name)`);
    await expect.poll(() => page.context().pages().length).toBe(1);
    expect(fetched).toBe('TypeError');
    expect(page.url()).toBe(`${pageOrigin}/`);
  });

  test('files that are not of the page are not served', async () => {
    const { page } = await open();
    const status = (path: string) => page.evaluate(`fetch(${JSON.stringify(path)}).then((r) => r.status, (e) => e.name)`);
    expect(await status('/assets/a.js')).toBe(200);
    expect(await status('/secret.txt')).toBe('TypeError');
    expect(await status('/..%2f..%2fetc%2fpasswd.js')).toBe('TypeError');
    expect(await status('/assets/none.js')).toBe(404);
  });

  test('permissions are denied, but for telling the desktop of alerts', async () => {
    const { page } = await open();
    const states = await page.evaluate(
      `Promise.all(['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'].map((name) => navigator.permissions.query({ name }).then((p) => p.state)))`,
    );
    expect(states).toEqual(['denied', 'granted', 'denied', 'denied', 'denied']);
  });
});
