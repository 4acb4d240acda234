import { menuTemplate } from './application-menu.ts';
import { forkBackend, linkPagesToBackend } from './backend-link.ts';
import { openConsoleWindow } from './console-window.ts';
import type { ElectronApi } from './electron-api.ts';
import { denyNetwork, denyPermissions, hardenApp } from './harden.ts';
import { registerPageScheme, servePage } from './page-protocol.ts';

export type ConsolePaths = {
  readonly rendererDir: string;
  readonly preloadPath: string;
  readonly backendEntryPath: string;
  readonly agentDir: string;
  readonly workspacePath: string;
  /** True for the default workspace, which comes into being on the first start. */
  readonly createMissing: boolean;
};

/** Everything that the Electron console does, in order. Must be called before the app is ready. Resolves when the window is open. */
export async function runConsole(electron: ElectronApi, paths: ConsolePaths): Promise<void> {
  const { app, Menu, session } = electron;
  hardenApp(electron);
  registerPageScheme(electron);
  if (!app.requestSingleInstanceLock()) return app.quit();
  await app.whenReady();
  denyPermissions(session.defaultSession);
  denyNetwork(session.defaultSession);
  servePage(electron, paths.rendererDir);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, app.isPackaged)));
  const args = ['--workspace', paths.workspacePath, '--agent-dir', paths.agentDir, ...(paths.createMissing ? ['--create-missing'] : [])];
  const backend = forkBackend(electron, paths.backendEntryPath, args);
  linkPagesToBackend(electron, backend);
  const window = openConsoleWindow(electron, paths.preloadPath);
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', () => backend.kill());
  // Without its backend the window shows that it is gone; a console that cannot open its workspace says why on stderr and ends.
  backend.once('exit', (code) => {
    if (code !== 0) app.exit(1);
  });
}
