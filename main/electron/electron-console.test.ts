import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { menuTemplate } from './application-menu.ts';
import { isOurPage, linkPagesToBackend } from './backend-link.ts';
import { windowOptions } from './console-window.ts';
import { denyNetwork, denyPermissions, denyWandering } from './harden.ts';
import { answerPageRequest } from './page-protocol.ts';
import { askForPort, givePort, printPdf } from './port-names.ts';
import { runConsole } from './run-console.ts';
import { asContents, FakeContents, FakeElectron } from './testing/fake-electron.ts';

const paths = { rendererDir: '/r', preloadPath: '/p.cjs', backendEntryPath: '/b.cjs', agentDir: '/a', workspacePath: '/w.firebreak', configDir: '/dev/null/none', logDir: '/l', licencesPath: '/res/THIRD-PARTY-LICENSES.txt', createMissing: true };

/** A log that keeps what it is told. */
function keepLog() {
  const kept: unknown[][] = [];
  return { kept, log: { write: (...said: unknown[]) => void kept.push(said) } };
}
const { log } = keepLog();
const noHelp = { showLogFolder: () => undefined, showLicences: null };

describe('the Electron console, over a fake Electron', () => {
  test('is hardened before it is ready, and shows the page only after the session is locked down', async () => {
    const electron = new FakeElectron();
    await runConsole(electron.api, paths, log);
    expect(electron.calls).toEqual([
      'enableSandbox',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      'registerSchemesAsPrivileged',
      'requestSingleInstanceLock',
      'whenReady',
      'handle app',
      'setApplicationMenu',
    ]);
    expect([...electron.session.handlers.keys()]).toHaveLength(5);
    expect(electron.forks).toEqual([['/b.cjs', ['--workspace', '/w.firebreak', '--agent-dir', '/a', '--log-dir', '/l', '--create-missing'], expect.anything()]]);
    expect(electron.windows.map((window) => window.loaded)).toEqual(['app://firebreak/']);
  });

  test('a second instance quits without opening anything', async () => {
    const electron = new FakeElectron();
    electron.isFirst = false;
    await runConsole(electron.api, paths, log);
    expect(electron.calls.at(-1)).toBe('quit');
    expect(electron.windows).toEqual([]);
    expect(electron.forks).toEqual([]);
  });

  test('the scheme of the page is standard and secure, and cannot bypass the page’s policy', async () => {
    const electron = new FakeElectron();
    await runConsole(electron.api, paths, log);
    expect(electron.schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
  });

  test('a backend that fails ends the console with 1, one that ends by itself does not', async () => {
    const electron = new FakeElectron();
    await runConsole(electron.api, paths, log);
    electron.backend.emit('exit', 1);
    expect(electron.calls.at(-1)).toBe('exit 1');
  });
});

describe('help', () => {
  type Item = { readonly label?: string; readonly role?: string; readonly submenu?: readonly Item[]; readonly click?: () => void };
  const helpOf = (menu: unknown): readonly Item[] => (menu as readonly Item[]).find(({ role }) => role === 'help')?.submenu ?? [];

  test('shows the log folder and the licences, and what does not open is in the log', async () => {
    const electron = new FakeElectron();
    const { kept, log: written } = keepLog();
    await runConsole(electron.api, paths, written);
    for (const { click } of helpOf(electron.menu)) click?.();
    await Promise.resolve();
    await Promise.resolve();
    expect(electron.opened).toEqual(['/l', '/res/THIRD-PARTY-LICENSES.txt']);
    expect(kept.at(-1)).toEqual(['not opened', { path: '/res/THIRD-PARTY-LICENSES.txt', failure: 'no program for it' }]);
  });

  test('about names the product and its version; macOS has it in the menu of the app', async () => {
    const electron = new FakeElectron();
    await runConsole(electron.api, paths, log);
    expect(electron.app.about).toMatchObject({ applicationName: 'Firebreak', applicationVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    const labels = (platform: NodeJS.Platform) => helpOf(menuTemplate(platform, true, noHelp)).map(({ label, role }) => label ?? role);
    expect(labels('linux')).toEqual(['Show the Log Folder', undefined, 'About Firebreak']);
    expect(labels('darwin')).toEqual(['Show the Log Folder']);
  });

  test('a page or a process that is gone is in the log, and so is how the backend ended', async () => {
    const electron = new FakeElectron();
    const { kept, log: written } = keepLog();
    await runConsole(electron.api, paths, written);
    electron.app.emit('render-process-gone', {}, {}, { reason: 'oom', exitCode: 9 });
    electron.app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 11 });
    electron.backend.emit('exit', 3);
    expect(kept.slice(1)).toEqual([
      ['page gone', { reason: 'oom', exitCode: 9 }],
      ['process gone', { type: 'GPU', reason: 'crashed', exitCode: 11, name: null }],
      ['backend ended', { code: 3 }],
    ]);
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
      url: 'https://example.invalid/',
      preventDefault: () => {
        prevented = true;
      },
    });
    expect(prevented).toBe(true);
  });

  test.each([
    ['app://firebreak/#/map', false],
    ['app://firebreak/', false],
    ['app://firebreak/secret.txt', true],
    ['app://firebreak/?x=1', true],
    ['app://other/', true],
    ['file:///etc/passwd', true],
    ['not an address', true],
  ])('going to %s is prevented: %s', (url, isPrevented) => {
    const contents = new FakeContents();
    denyWandering(asContents(contents));
    let prevented = false;
    for (const event of ['will-navigate', 'will-frame-navigate']) {
      contents.emit(event, {
        url,
        preventDefault: () => {
          prevented = true;
        },
      });
    }
    expect(prevented).toBe(isPrevented);
  });

  test('a new window is denied', () => {
    const contents = new FakeContents();
    denyWandering(asContents(contents));
    expect(contents.windowOpenHandler?.()).toEqual({ action: 'deny' });
  });

  test('every web contents that comes into being is held in place', async () => {
    const electron = new FakeElectron();
    await runConsole(electron.api, paths, log);
    const contents = new FakeContents();
    electron.app.emit('web-contents-created', {}, contents);
    expect(contents.listenerCount('will-navigate')).toBe(1);
    expect(contents.windowOpenHandler).not.toBeNull();
  });

  test('a packaged console offers neither reload nor developer tools', () => {
    expect(JSON.stringify(menuTemplate('linux', true, noHelp))).not.toMatch(/reload|toggleDevTools/);
    expect(JSON.stringify(menuTemplate('darwin', false, noHelp))).toMatch(/appMenu.*toggleDevTools/);
  });
});

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
