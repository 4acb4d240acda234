import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import type { ElectronApi } from './electron-api.ts';
import { pageOrigin } from './page-protocol.ts';

/** Written out although most are defaults: the defaults have changed before. Source: Electron security.md, items 2 to 9. */
export function windowOptions(preloadPath: string): BrowserWindowConstructorOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Firebreak',
    backgroundColor: '#16191d',
    webPreferences: {
      preload: preloadPath,
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
    },
  };
}

/** Opens the window on the page; it shows itself once the first frame is drawn. */
export function openConsoleWindow({ BrowserWindow }: Pick<ElectronApi, 'BrowserWindow'>, preloadPath: string): BrowserWindow {
  const window = new BrowserWindow(windowOptions(preloadPath));
  window.once('ready-to-show', () => window.show());
  // A page that does not load leaves a hidden window behind: show the (empty) window instead, the log says why.
  window.webContents.once('did-fail-load', () => window.show());
  void window.loadURL(`${pageOrigin}/`);
  return window;
}
