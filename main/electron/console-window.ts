import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import type { ElectronApi } from './electron-api.ts';
import { FIRST_WINDOW, MIN_WINDOW, placeWindow } from '../../shared/window/window-place.ts';
import { pageOrigin } from './page-protocol.ts';
import { loadWindowPlace, saveWindowPlace } from './window-file.ts';

/** Written out although most are defaults: the defaults have changed before. Source: Electron security.md, items 2 to 9. */
export function windowOptions(preloadPath: string): BrowserWindowConstructorOptions {
  return {
    ...FIRST_WINDOW,
    minWidth: MIN_WINDOW.width,
    minHeight: MIN_WINDOW.height,
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

/** Opens the window on the page, where it was when it was closed last; it shows itself once the first frame is drawn. */
export function openConsoleWindow({ BrowserWindow, screen }: Pick<ElectronApi, 'BrowserWindow' | 'screen'>, { preloadPath, configDir }: { readonly preloadPath: string; readonly configDir: string }): BrowserWindow {
  const was = loadWindowPlace(configDir);
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const window = new BrowserWindow({ ...windowOptions(preloadPath), ...placeWindow(was?.bounds ?? null, [primary, ...others].map(({ workArea }) => workArea)) });
  if (was?.isMaximized === true) window.once('ready-to-show', () => window.maximize());
  window.once('ready-to-show', () => window.show());
  // A page that does not load leaves a hidden window behind: show the (empty) window instead, the log says why.
  window.webContents.once('did-fail-load', () => window.show());
  window.on('close', () => rememberPlace(window, configDir));
  void window.loadURL(`${pageOrigin}/`);
  return window;
}

/** A folder that cannot be written must not keep the window open; it is said where the console's own failures are. */
function rememberPlace(window: BrowserWindow, configDir: string): void {
  try {
    saveWindowPlace(configDir, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
  } catch (error) {
    console.error(`The place of the window was not kept: ${error instanceof Error ? error.message : String(error)}`);
  }
}
