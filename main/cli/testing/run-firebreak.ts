import type { TestBackend } from '../../services/testing/test-backend.ts';
import { type CliWorld, runCli } from '../program.ts';

export type CliAnswer = { code: number; out: string; err: string };

/** Runs one command line against a test's backend; nobody is there to be asked, and nothing is printed as PDF, unless `world` says otherwise. */
export async function runFirebreak(at: Pick<TestBackend, 'path' | 'client'>, argv: readonly string[], world: Partial<CliWorld> = {}): Promise<CliAnswer> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCli(argv, {
    version: '0.0.0',
    defaultWorkspacePath: at.path,
    createWorkspace: () => Promise.resolve(),
    openClient: () => Promise.resolve({ client: at.client, close: () => Promise.resolve() }),
    files: { recent: () => [], restore: () => Promise.reject(new Error('nothing is restored here')), createSample: () => Promise.reject(new Error('no sample is made here')) },
    printPdf: () => Promise.reject(new Error('nothing is printed here')),
    verifyPack: () => Promise.reject(new Error('no pack is verified here')),
    verifyLog: () => Promise.reject(new Error('no log is verified here')),
    auditOffline: () => Promise.reject(new Error('nothing is audited here')),
    findBrowser: () => null,
    logFailure: () => undefined,
    ask: () => Promise.resolve(undefined),
    write: (text) => out.push(text),
    progress: (line) => err.push(line),
    onInterrupt: () => undefined,
    ...world,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
