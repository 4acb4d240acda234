import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError } from '../../shared/error-text.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { buildElectron } from '../electron/build-electron.ts';
import { ensureRenderer } from '../renderer/build-renderer.ts';
import { runBrowserConsole } from '../start/browser-console.ts';
import { findElectron } from '../start/find-electron.ts';
import { openDesk } from '../start/open-desk.ts';

/**
 * `npm start [-- --workspace FILE] [--browser]`: the console in a window. Electron where its runtime is there, Chromium otherwise.
 * Exit 0 when the window was closed, 1 when none could be opened.
 */
const root = new URL('../..', import.meta.url).pathname;
const tell = (line: string) => console.error(`firebreak: ${line}`);

function hasDisplay(): boolean {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function runElectron(electron: string, workspace: string | undefined): Promise<number> {
  const args = [join(root, 'out', 'main', 'index.cjs'), ...(workspace === undefined ? [] : ['--workspace', workspace])];
  return new Promise((resolve, reject) => {
    const child = spawn(electron, args, { stdio: 'inherit', cwd: process.cwd() });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

async function start(): Promise<number> {
  const { values } = parseArgs({ options: { workspace: { type: 'string' }, browser: { type: 'boolean', default: false } } });
  if (!hasDisplay()) throw new FirebreakError('DISPLAY_MISSING', {});
  const electron = values.browser ? null : findElectron(root);
  const rendererDir = await ensureRenderer(root, tell);
  if (electron !== null) {
    await buildElectron(tell);
    return runElectron(electron, values.workspace);
  }
  if (!values.browser) tell('Electron’s runtime is not installed (npx install-electron fetches it); opening the console in Chromium.');
  const desk = openDesk(values.workspace, tell);
  try {
    await runBrowserConsole(desk, rendererDir, tell);
  } finally {
    await desk.close();
  }
  return 0;
}

try {
  process.exitCode = await start();
} catch (error) {
  if (!(error instanceof FirebreakError)) throw error;
  const { title, hint } = describeError(error.code, error.payload);
  console.error(`${title}\n${hint}`);
  process.exitCode = 1;
}
