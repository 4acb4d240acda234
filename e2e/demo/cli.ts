import { spawn } from 'node:child_process';
import { once } from 'node:events';

const ENTRY = new URL('../../main/cli/main.ts', import.meta.url).pathname;

export type CliRun = { code: number; stdout: string; stderr: string };

/** The real command line in a process of its own, shown as a person would type it. */
export class Cli {
  readonly #workspacePath: string;

  constructor(workspacePath: string) {
    this.#workspacePath = workspacePath;
  }

  /** Shows the command and what it prints; throws when it does not end with 0. */
  async show(...argv: string[]): Promise<CliRun> {
    console.log(`\n$ firebreak ${argv.map((word) => (/^[\w@:./=,-]+$/.test(word) ? word : `'${word}'`)).join(' ')}`);
    const done = await this.run(argv, true);
    if (done.code !== 0) throw new Error(`firebreak ${argv[0] ?? ''} ended with ${done.code}`);
    return done;
  }

  /** The one JSON document of a command; throws when it does not end with 0. */
  async json(...argv: string[]): Promise<unknown> {
    const done = await this.run(['--json', ...argv], false);
    if (done.code !== 0) throw new Error(`firebreak ${argv.join(' ')} ended with ${done.code}: ${done.stderr}`);
    return JSON.parse(done.stdout);
  }

  async run(argv: readonly string[], echo: boolean): Promise<CliRun> {
    const child = spawn(process.execPath, [ENTRY, '--workspace', this.#workspacePath, ...argv], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (echo) process.stdout.write(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (echo) process.stdout.write(text);
    });
    await once(child, 'close');
    return { code: child.exitCode ?? 1, stdout, stderr };
  }
}
