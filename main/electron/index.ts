import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as electron from 'electron';
import { defaultConfigDir, defaultLogDir, defaultWorkspacePath } from '../../shared/window/default-workspace.ts';
import { logCrashes, openLog } from '../log/open-log.ts';
import { runConsole } from './run-console.ts';

/** Entry of the main process (bundled to out/main/index.cjs). */
const { values } = parseArgs({ args: process.argv.slice(electron.app.isPackaged ? 1 : 2), options: { workspace: { type: 'string' } }, strict: false });
const named = typeof values.workspace === 'string' ? values.workspace : undefined;
const mainDir = import.meta.dirname;
const logDir = defaultLogDir(process.env, homedir());
const log = openLog({ dir: logDir, from: 'window', nowMs: Date.now });
logCrashes(log);

runConsole(electron, {
  rendererDir: join(mainDir, '..', 'renderer'),
  preloadPath: join(mainDir, 'preload.cjs'),
  backendEntryPath: join(mainDir, 'backend-process.cjs'),
  agentDir: electron.app.isPackaged ? join(process.resourcesPath, 'agent/') : join(mainDir, '..', '..', 'agent/'),
  workspacePath: named ?? defaultWorkspacePath(process.env, homedir()),
  configDir: defaultConfigDir(process.env, homedir()),
  logDir,
  licencesPath: electron.app.isPackaged ? join(process.resourcesPath, 'THIRD-PARTY-LICENSES.txt') : null,
  createMissing: named === undefined,
}, log).catch((cause: unknown) => {
  log.write('failed', {}, cause);
  console.error(cause);
  electron.app.exit(1);
});
