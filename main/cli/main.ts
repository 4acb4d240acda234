import { mkdirSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { findChromium } from '../browser/find-chromium.ts';
import { createWorkspace } from '../db/create-workspace.ts';
import { createClient } from '../rpc/client.ts';
import { createBackend } from '../services/backend.ts';
import { defaultWorkspacePath } from '../../shared/window/default-workspace.ts';
import { type CliWorld, runCli } from './program.ts';
import { askOnTerminal } from './terminal.ts';

const defaultPath = defaultWorkspacePath(process.env, homedir());

/** The composition root of the command line: the one file here that knows the backend, the database and the browser. */
const world: CliWorld = {
  defaultWorkspacePath: defaultPath,
  createWorkspace: async (path) => {
    if (path === defaultPath) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    createWorkspace(path);
  },
  openClient: async (path, { acceptNewHostKeys }) => {
    const backend = createBackend({ workspacePath: path, user: userInfo().username, acceptNewHostKeys });
    return { client: createClient(backend), close: () => backend.close() };
  },
  printPdf: async (html) => {
    const { printPdfWithChromium } = await import('../browser/chromium-pdf.ts');
    return printPdfWithChromium(html);
  },
  findBrowser: () => findChromium(),
  ask: askOnTerminal,
  write: (text) => console.log(text),
  progress: (line) => console.error(line),
  onInterrupt: (tell) => {
    process.removeAllListeners('SIGINT').once('SIGINT', () => {
      tell();
      process.exit(130);
    });
  },
};

// A reader that has seen enough (“| head”) must not end a push in the middle.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), world);
