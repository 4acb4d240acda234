import { describe, expect, test } from 'vitest';
import { menuTemplate } from './application-menu.ts';
import { windowOptions } from './console-window.ts';
import { denyWandering } from './harden.ts';
import { runConsole } from './run-console.ts';
import { keepLog, paths } from './testing/console-options.ts';
import { asContents, FakeContents, FakeElectron } from './testing/fake-electron.ts';

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
