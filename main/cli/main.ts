import { mkdirSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { findChromium } from '../browser/find-chromium.ts';
import { createWorkspace } from '../db/create-workspace.ts';
import { logCrashes, openLog } from '../log/open-log.ts';
import { createClient } from '../rpc/client.ts';
import { createSample } from '../sample/create-sample.ts';
import { verifyLogFile } from '../services/audit-file.ts';
import { createBackend } from '../services/backend.ts';
import { readCarriedHosts } from '../services/offline-carried.ts';
import { runOfflineAudit } from '../services/offline-output.ts';
import { verifyPack } from '../services/pack-verify.ts';
import { listRecentWorkspaces } from '../services/recent-workspaces.ts';
import { restoreWorkspace } from '../services/restore-workspace.ts';
import { isSampleWorkspace } from '../services/sample-workspace.ts';
import { FIREBREAK_VERSION } from '../../shared/version.ts';
import { defaultConfigDir, defaultLogDir, defaultWorkspacePath } from '../../shared/window/default-workspace.ts';
import { type CliWorld, runCli } from './program.ts';
import { askOnTerminal } from './terminal.ts';

const defaultPath = defaultWorkspacePath(process.env, homedir());
const logDir = defaultLogDir(process.env, homedir());
const log = openLog({ dir: logDir, from: 'cli', nowMs: Date.now });
logCrashes(log);

/** The composition root of the command line: the one file here that knows the backend, the database and the browser. */
const world: CliWorld = {
  version: FIREBREAK_VERSION,
  defaultWorkspacePath: defaultPath,
  createWorkspace: async (path) => {
    if (path === defaultPath) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    createWorkspace(path);
  },
  openClient: async (path, { acceptNewHostKeys }) => {
    const backend = createBackend({ workspacePath: path, user: userInfo().username, acceptNewHostKeys, log: { dir: logDir, from: 'cli' } });
    const note = isSampleWorkspace(backend) ? { note: `${path} is the SAMPLE: made-up hosts, nothing is ever connected to.` } : {};
    return { client: createClient(backend), ...note, close: () => backend.close() };
  },
  files: {
    recent: () => listRecentWorkspaces(defaultConfigDir(process.env, homedir())),
    restore: (order) => restoreWorkspace({ ...order, user: userInfo().username, nowMs: Date.now() }),
    createSample: (path) => createSample({ path: resolve(path), user: userInfo().username, nowMs: Date.now() }),
  },
  printPdf: async (html) => {
    const { printPdfWithChromium } = await import('../browser/chromium-pdf.ts');
    return printPdfWithChromium(html);
  },
  verifyPack,
  verifyLog: verifyLogFile,
  auditOffline: async ({ bundlesOf, ...order }) => {
    const backend = bundlesOf === null ? null : createBackend({ workspacePath: bundlesOf, user: userInfo().username });
    try {
      return await runOfflineAudit({ ...order, carried: backend === null ? null : readCarriedHosts(backend), user: userInfo().username, nowMs: Date.now() });
    } finally {
      await backend?.close();
    }
  },
  logFailure: (error) => log.write('failed', {}, error),
  findBrowser: () => findChromium(),
  ask: askOnTerminal,
  write: (text) => console.log(text),
  progress: (line) => console.error(line),
  onInterrupt: (tell, goesOn = false) => {
    process.removeAllListeners('SIGINT').once('SIGINT', () => {
      tell();
      // Without a listener the next one ends the process by itself.
      if (!goesOn) process.exit(130);
    });
  },
};

// A reader that has seen enough (“| head”) must not end a push in the middle.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

void runCli(process.argv.slice(2), world).then((exitCode) => {
  process.exitCode = exitCode;
});
