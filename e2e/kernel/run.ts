import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Runs a program to its end, under TZ=UTC as the agent runs nft; throws with its stderr when it fails. Returns stdout. */
export function run(argv: readonly [string, ...string[]], input?: string): string {
  const [program, ...rest] = argv;
  const done = spawnSync(program, rest, { input, encoding: 'utf8', maxBuffer: 64 << 20, env: { ...process.env, TZ: 'UTC' } });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`${argv.join(' ')} ended with ${done.status ?? done.signal}: ${done.stderr}`);
  return done.stdout;
}

/** A long-lived program that answers one line to one line. */
export class LineProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  constructor(argv: readonly [string, ...string[]]) {
    const [program, ...rest] = argv;
    this.#child = spawn(program, rest);
    this.#child.stderr.on('data', (data: Buffer) => {
      this.#errors += data.toString();
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Throws when the program could not be started. */
  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('the program did not start');
    return this.#child.pid;
  }

  async nextLine(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done) throw new Error(`the program ended: ${this.#errors}`);
    return next.value;
  }

  async ask(line: string): Promise<string> {
    this.tell(line);
    return this.nextLine();
  }

  tell(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    this.#child.kill('SIGTERM');
    await ended;
  }
}
