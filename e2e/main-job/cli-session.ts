import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliWorld, runCli } from '../../main/cli/program.ts';
import { createWorkspace } from '../../main/db/create-workspace.ts';
import { createClient } from '../../main/rpc/client.ts';
import { createSample } from '../../main/sample/create-sample.ts';
import { createBackend } from '../../main/services/backend.ts';
import { listRecentWorkspaces } from '../../main/services/recent-workspaces.ts';
import { restoreWorkspace } from '../../main/services/restore-workspace.ts';
import { FIREBREAK_VERSION } from '../../shared/version.ts';

export type CliAnswer = { code: number; out: string; err: string };

/** The command line in this process over a real workspace in a folder of its own. No terminal: nothing is ever asked. */
export class CliSession {
  readonly folder = mkdtempSync(join(tmpdir(), 'firebreak-cli-'));
  readonly workspacePath = join(this.folder, 'test.firebreak');

  async run(...argv: string[]): Promise<CliAnswer> {
    const out: string[] = [];
    const err: string[] = [];
    const world: CliWorld = {
      version: FIREBREAK_VERSION,
      logFailure: (error) => err.push(String(error)),
      defaultWorkspacePath: this.workspacePath,
      createWorkspace: async (path) => createWorkspace(path),
      openClient: async (path, { acceptNewHostKeys }) => {
        const backend = createBackend({ workspacePath: path, user: 'tester', acceptNewHostKeys });
        return { client: createClient(backend), close: () => backend.close() };
      },
      files: {
        recent: () => listRecentWorkspaces(join(this.folder, 'config')),
        restore: (order) => restoreWorkspace({ ...order, user: 'tester', nowMs: Date.now() }),
        createSample: (path) => createSample({ path, user: 'tester', nowMs: Date.now() }),
      },
      printPdf: () => Promise.reject(new Error('no PDF here')),
      verifyPack: () => Promise.reject(new Error('no pack here')),
      verifyLog: () => Promise.reject(new Error('no log here')),
      auditOffline: () => Promise.reject(new Error('no audit here')),
      findBrowser: () => null,
      ask: async () => undefined,
      write: (text) => void out.push(text),
      progress: (line) => void err.push(line),
      onInterrupt: () => undefined,
    };
    const code = await runCli(argv, world);
    return { code, out: out.join('\n'), err: err.join('\n') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
