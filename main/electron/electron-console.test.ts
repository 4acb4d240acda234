import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { menuTemplate } from './application-menu.ts';
import { isOurPage, linkPagesToBackend } from './backend-link.ts';
import { windowOptions } from './console-window.ts';
import { denyNetwork, denyPermissions, denyWandering } from './harden.ts';
import { answerPageRequest } from './page-protocol.ts';
import { askForPort, givePort } from './port-names.ts';
import { runConsole } from './run-console.ts';
import { asContents, FakeContents, FakeElectron } from './testing/fake-electron.ts';

const paths = { rendererDir: '/r', preloadPath: '/p.cjs', backendEntryPath: '/b.cjs', agentDir: '/a', workspacePath: '/w.firebreak', createMissing: true };

describe('the Electron console, over a fake Electron', () => {
  test('is hardened before it is ready, and shows the page only after the session is locked down', async () => {
    const electron = new FakeElectron();
    await runConsole(electron.api, paths);
    expect(electron.calls).toEqual([
      'enableSandbox',
      'registerSchemesAsPrivileged',
      'requestSingleInstanceLock',
      'whenReady',
      'handle app',
      'setApplicationMenu',
    ]);
    expect([...electron.session.handlers.keys()]).toHaveLength(5);
    expect(electron.forks).toEqual([['/b.cjs', ['--workspace', '/w.firebreak', '--agent-dir', '/a', '--create-missing'], expect.anything()]]);
    expect(electron.windows.map((window) => window.loaded)).toEqual(['app://firebreak/']);
  });

  test('a second instance quits without opening anything', async () => {
    const electron = new FakeElectron();
    electron.isFirst = false;
    await runConsole(electron.api, paths);
    expect(electron.calls.at(-1)).toBe('quit');
    expect(electron.windows).toEqual([]);
    expect(electron.forks).toEqual([]);
  });

  test('the scheme of the page is standard and secure, and cannot bypass the page’s policy', async () => {
    const electron = new FakeElectron();
    await runConsole(electron.api, paths);
    expect(electron.schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
  });

  test('a backend that fails ends the console with 1, one that ends by itself does not', async () => {
    const electron = new FakeElectron();
    await runConsole(electron.api, paths);
    electron.backend.emit('exit', 1);
    expect(electron.calls.at(-1)).toBe('exit 1');
  });
});

describe('the window', () => {
  test('has no Node, its own world, and the sandbox', () => {
    expect(windowOptions('/p.cjs').webPreferences).toEqual({
      preload: '/p.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
  });

  test.each(['will-navigate', 'will-redirect', 'will-frame-navigate', 'will-attach-webview'])('%s is prevented', (event) => {
    const contents = new FakeContents();
    denyWandering(asContents(contents));
    let prevented = false;
    contents.emit(event, {
      preventDefault: () => {
        prevented = true;
      },
    });
    expect(prevented).toBe(true);
  });

  test('a new window is denied', () => {
    const contents = new FakeContents();
    denyWandering(asContents(contents));
    expect(contents.windowOpenHandler?.()).toEqual({ action: 'deny' });
  });

  test('every web contents that comes into being is held in place', async () => {
    const electron = new FakeElectron();
    await runConsole(electron.api, paths);
    const contents = new FakeContents();
    electron.app.emit('web-contents-created', {}, contents);
    expect(contents.listenerCount('will-navigate')).toBe(1);
    expect(contents.windowOpenHandler).not.toBeNull();
  });

  test('a packaged console offers neither reload nor developer tools', () => {
    expect(JSON.stringify(menuTemplate('linux', true))).not.toMatch(/reload|toggleDevTools/);
    expect(JSON.stringify(menuTemplate('darwin', false))).toMatch(/appMenu.*toggleDevTools/);
  });
});

describe('the session', () => {
  test.each([
    ['media', false],
    ['geolocation', false],
    ['notifications', false],
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
