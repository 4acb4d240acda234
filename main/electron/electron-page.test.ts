import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOurPage, linkPagesToBackend } from './backend-link.ts';
import { denyNetwork, denyPermissions } from './harden.ts';
import { answerPageRequest } from './page-protocol.ts';
import { askForPort, givePort, printPdf } from './port-names.ts';
import { runConsole } from './run-console.ts';
import { keepLog, paths } from './testing/console-options.ts';
import { FakeElectron } from './testing/fake-electron.ts';

const { log } = keepLog();

describe('the session', () => {
  test.each([
    ['media', false],
    ['geolocation', false],
    ['notifications', true],
    ['openExternal', false],
    ['clipboard-read', false],
    ['fileSystem', false],
    ['clipboard-sanitized-write', true],
  ])('permission %s: %s', (permission, allowed) => {
    const electron = new FakeElectron();
    denyPermissions(electron.asSession);
    let answered: unknown = null;
    electron.session.handlers.get('setPermissionRequestHandler')?.({}, permission, (answer: unknown) => {
      answered = answer;
    });
    expect(answered).toBe(allowed);
    expect(electron.session.handlers.get('setPermissionCheckHandler')?.({}, permission)).toBe(allowed);
    expect(electron.session.handlers.get('setDevicePermissionHandler')?.({})).toBe(false);
  });

  test.each([
    ['app://firebreak/index.html', false],
    ['data:image/png;base64,AA', false],
    ['blob:app://firebreak/1-2', false],
    ['https://example.invalid/', true],
    ['app://other/index.html', true],
    ['app://firebreak.evil/x.js', true],
    ['file:///etc/passwd', true],
    ['blob:https://example.invalid/1', true],
  ])('a request to %s is cancelled: %s', (url, cancel) => {
    const electron = new FakeElectron();
    denyNetwork(electron.asSession);
    let answered: unknown = null;
    electron.session.handlers.get('onBeforeRequest')?.({ url }, (answer: unknown) => {
      answered = answer;
    });
    expect(answered).toEqual({ cancel });
  });
});

describe('the port', () => {
  const mainFrame = { url: 'app://firebreak/', sent: [] as unknown[][], postMessage: (...args: unknown[]) => mainFrame.sent.push(args) };
  const eventOf = (frame: { url: string } | null, sender = mainFrame) =>
    ({ sender: { id: 1, mainFrame: sender }, senderFrame: frame }) as unknown as Parameters<typeof isOurPage>[0];

  test('is given to the main frame of our page only', () => {
    expect(isOurPage(eventOf(mainFrame))).toBe(true);
    expect(isOurPage(eventOf(null))).toBe(false);
    expect(isOurPage(eventOf({ url: 'app://firebreak/' }))).toBe(false);
    for (const url of ['https://firebreak/', 'app://firebreak.evil/', 'file:///firebreak', 'about:blank', 'app://other/app://firebreak/']) {
      const frame = { ...mainFrame, url };
      expect(isOurPage(eventOf(frame, frame))).toBe(false);
    }
  });

  test('is new for each load, and the one of the load before is closed', () => {
    const electron = new FakeElectron();
    linkPagesToBackend(electron.api, electron.api.utilityProcess.fork('/b.cjs'));
    mainFrame.sent.length = 0;
    electron.ipcMain.emit(askForPort, eventOf({ url: 'app://firebreak/' }));
    expect(electron.backend.sent).toEqual([]);
    electron.ipcMain.emit(askForPort, eventOf(mainFrame));
    electron.ipcMain.emit(askForPort, eventOf(mainFrame));
    const given = mainFrame.sent.map((args) => args[2] as [{ closed: boolean }]);
    expect(mainFrame.sent.map((args) => args[0])).toEqual([givePort, givePort]);
    expect(given.map(([port]) => port.closed)).toEqual([true, false]);
    expect(electron.backend.sent).toHaveLength(2);
  });
});

describe('the page’s files', () => {
  let rendererDir = '';
  beforeAll(() => {
    rendererDir = mkdtempSync(join(tmpdir(), 'firebreak-electron-'));
    writeFileSync(join(rendererDir, 'index.html'), '<meta nonce="FIREBREAK-STYLE-NONCE">');
    writeFileSync(join(rendererDir, 'a.js'), '1');
  });
  afterAll(() => rmSync(rendererDir, { recursive: true, force: true }));
  const get = (url: string, method = 'GET') => answerPageRequest({ url, method }, rendererDir);

  test('come with the policy, and the page with a nonce of its own each time', async () => {
    const [first, second] = await Promise.all([get('app://firebreak/'), get('app://firebreak/index.html')]);
    const nonces = await Promise.all([first, second].map(async (response) => /nonce="([^"]{20,})"/.exec(await response.text())?.[1]));
    expect(new Set(nonces).size).toBe(2);
    expect(first.headers.get('content-security-policy')).toContain(`'nonce-${nonces[0]}'`);
    expect(first.headers.get('content-security-policy')).not.toContain('unsafe');
  });

  test.each([
    ['app://firebreak/a.js', 'GET', 200],
    ['app://firebreak/none.js', 'GET', 404],
    ['app://firebreak/a.js', 'POST', 403],
    ['app://evil/a.js', 'GET', 403],
    ['app://firebreak/%2e%2e/%2e%2e/etc/passwd', 'GET', 403],
    ['app://firebreak/..%2fa.js', 'GET', 403],
  ])('%s %s is answered with %i', async (url, method, status) => {
    expect((await get(url, method)).status).toBe(status);
  });
});

describe('printing', () => {
  const mainFrame = { url: 'app://firebreak/' };
  const eventOf = (frame: { url: string }) => ({ sender: { id: 1, mainFrame }, senderFrame: frame });

  test('is done for our page, in a hidden window without script that reaches its own document and nothing else', async () => {
    const electron = new FakeElectron();
    await runConsole(electron.api, paths, log);
    const answer = electron.answers.get(printPdf);
    const pdf = await answer?.(eventOf(mainFrame), '<p>“report”</p>');
    expect(Buffer.from(String(pdf), 'base64').toString()).toBe('%PDF {"preferCSSPageSize":true,"printBackground":true,"generateTaggedPDF":true,"generateDocumentOutline":true}');
    const [own] = electron.partitions;
    const window = electron.windows.at(-1);
    expect(window).toMatchObject({ loaded: 'firebreak-print://report/', shown: false, destroyed: true, options: { show: false, webPreferences: { sandbox: true, javascript: false, session: own } } });
    const served = own?.handlers.get('protocol firebreak-print')?.();
    expect(served instanceof Response && (await served.text())).toBe('<p>“report”</p>');
    const cancelled = ['firebreak-print://report/', 'firebreak-print://report/x', 'https://example.invalid/', 'file:///etc/passwd', 'data:text/css,x'].map((url) => {
      let answered: unknown = null;
      own?.handlers.get('onBeforeRequest')?.({ url }, (given: unknown) => {
        answered = given;
      });
      return answered;
    });
    expect(cancelled).toEqual([{ cancel: false }, { cancel: true }, { cancel: true }, { cancel: true }, { cancel: true }]);
  });

  test('is refused to any other frame, and for what is no document', async () => {
    const electron = new FakeElectron();
    await runConsole(electron.api, paths, log);
    const answer = electron.answers.get(printPdf);
    await expect(answer?.(eventOf({ url: 'app://firebreak/' }), '<p>')).rejects.toThrow('not the console’s page');
    await expect(answer?.(eventOf(mainFrame), { html: '<p>' })).rejects.toThrow('no document');
    expect(electron.partitions).toEqual([]);
  });
});
