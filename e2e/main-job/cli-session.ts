import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliWorld, runCli } from '../../main/cli/program.ts';
import { createWorkspace } from '../../main/db/create-workspace.ts';
import { createClient } from '../../main/rpc/client.ts';
import { createBackend } from '../../main/services/backend.ts';

export type CliAnswer = { code: number; out: string; err: string };

/** The command line in this process over a real workspace in a folder of its own. No terminal: nothing is ever asked. */
export class CliSession {
  readonly folder = mkdtempSync(join(tmpdir(), 'firebreak-cli-'));
  readonly workspacePath = join(this.folder, 'test.firebreak');

  async run(...argv: string[]): Promise<CliAnswer> {
    const out: string[] = [];
    const err: string[] = [];
    const world: CliWorld = {
      defaultWorkspacePath: this.workspacePath,
      createWorkspace: async (path) => createWorkspace(path),
      openClient: async (path, { acceptNewHostKeys }) => {
        const backend = createBackend({ workspacePath: path, user: 'tester', acceptNewHostKeys });
        return { client: createClient(backend), close: () => backend.close() };
      },
      printPdf: () => Promise.reject(new Error('no PDF here')),
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
