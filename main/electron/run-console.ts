import { FIREBREAK_VERSION } from '../../shared/version.ts';
import type { Log } from '../log/open-log.ts';
import { menuTemplate } from './application-menu.ts';
import { forkBackend, linkPagesToBackend } from './backend-link.ts';
import { openConsoleWindow } from './console-window.ts';
import type { ElectronApi } from './electron-api.ts';
import { denyNetwork, denyPermissions, hardenApp } from './harden.ts';
import { createElectronPdfPrinter } from './electron-pdf.ts';
import { registerPageScheme, servePage } from './page-protocol.ts';
import { servePrinting } from './print-for-page.ts';
import { serveKeychain } from './serve-keychain.ts';

export type ConsolePaths = {
  readonly rendererDir: string;
  readonly preloadPath: string;
  readonly backendEntryPath: string;
  readonly agentDir: string;
  readonly workspacePath: string;
  /** Where what is the user's, and of no workspace, is kept. */
  readonly configDir: string;
  readonly logDir: string;
  /** The licences of what the product is made of; null where it is not packaged. */
  readonly licencesPath: string | null;
  /** True for the default workspace, which comes into being on the first start. */
  readonly createMissing: boolean;
};

/** Everything that the Electron console does, in order. Must be called before the app is ready. Resolves when the window is open. */
export async function runConsole(electron: ElectronApi, paths: ConsolePaths, log: Log): Promise<void> {
  const { app, Menu, session } = electron;
  hardenApp(electron);
  registerPageScheme(electron);
  if (!app.requestSingleInstanceLock()) return app.quit();
  await app.whenReady();
  denyPermissions(session.defaultSession);
  denyNetwork(session.defaultSession);
  servePage(electron, paths.rendererDir);
  app.setAboutPanelOptions(aboutPanel);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, app.isPackaged, helpActions(electron, paths, log))));
  const args = ['--workspace', paths.workspacePath, '--agent-dir', paths.agentDir, '--log-dir', paths.logDir, ...(paths.createMissing ? ['--create-missing'] : [])];
  log.write('started', { version: FIREBREAK_VERSION, system: process.platform, packaged: app.isPackaged });
  const backend = forkBackend(electron, paths.backendEntryPath, args);
  serveKeychain(electron, backend, process.platform);
  linkPagesToBackend(electron, backend);
  servePrinting(electron, createElectronPdfPrinter(electron));
  const window = openConsoleWindow(electron, paths);
  app.on('second-instance', () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  logGone(electron, log);
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', () => backend.kill());
  // Without its backend the window shows that it is gone; a console that cannot open its workspace says why on stderr and ends.
  backend.once('exit', (code) => {
    log.write('backend ended', { code });
    if (code !== 0) app.exit(1);
  });
}

/** Each system shows of it what it has room for. Source: https://www.electronjs.org/docs/latest/api/app#appsetaboutpaneloptionsoptions */
const aboutPanel = {
  applicationName: 'Firebreak',
  applicationVersion: FIREBREAK_VERSION,
  copyright: 'Apache-2.0; with the work of others, each under its own licence (Help).',
};

/** The folder and the file are opened by what the desktop has for them; what does not open is in the log. */
function helpActions({ shell }: Pick<ElectronApi, 'shell'>, { logDir, licencesPath }: ConsolePaths, log: Log) {
  const open = (path: string) => {
    void shell.openPath(path).then((failure) => failure === '' || log.write('not opened', { path, failure }));
  };
  return { showLogFolder: () => open(logDir), showLicences: licencesPath === null ? null : () => open(licencesPath) };
}

/** Processes that Electron started and that ended otherwise than they should. */
function logGone({ app }: Pick<ElectronApi, 'app'>, log: Log): void {
  app.on('render-process-gone', (_event, _contents, { reason, exitCode }) => log.write('page gone', { reason, exitCode }));
  app.on('child-process-gone', (_event, { type, reason, exitCode, name }) => log.write('process gone', { type, reason, exitCode, name: name ?? null }));
}
