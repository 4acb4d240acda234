import { mkdirSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { findChromium } from '../browser/find-chromium.ts';
import { createWorkspace } from '../db/create-workspace.ts';
import { createClient } from '../rpc/client.ts';
import { createBackend } from '../services/backend.ts';
import { type CliWorld, runCli } from './program.ts';
import { askOnTerminal } from './terminal.ts';

/** The composition root of the command line: the one file here that knows the backend, the database and the browser. */
const world: CliWorld = {
  defaultWorkspacePath: process.env['FIREBREAK_WORKSPACE'] ?? defaultWorkspacePath(),
  createWorkspace: async (path) => {
    if (path === defaultWorkspacePath()) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
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
  findBrowser: () => findChromium(process.env).path,
  ask: askOnTerminal,
  write: (text) => console.log(text),
  progress: (line) => console.error(line),
};

function defaultWorkspacePath(): string {
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'firebreak', 'default.firebreak');
}

process.exitCode = await runCli(process.argv.slice(2), world);
