import { spawn, spawnSync } from 'node:child_process';

export type CommandResult = {
  /** Exit status; 128 + n if signal n ended it, as a shell says it; 124 on a timeout, as timeout(1) says it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly durationMs: number;
};

export type CommandOptions = {
  readonly stdin?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** How to end what runs when the time is up; killing the direct child is enough for a plain command. */
  readonly onTimeout?: () => void;
};

const DEFAULT_TIMEOUT_MS = 60_000;

/** Runs one program on this machine and collects what it says; a failure of the program is a value, not an exception. */
export function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [file = '', ...args] = argv;
  const startedMs = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      options.onTimeout?.();
      child.kill('SIGKILL');
    }, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined); // a program that reads no input closes the pipe: its exit status tells
    child.stdin.end(options.stdin);
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new Error(`cannot run ${file}`, { cause }));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({
        code: timedOut ? 124 : (code ?? 128 + signalNumber(signal)),
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
        timedOut,
        durationMs: performance.now() - startedMs,
      });
    });
  });
}

/** Runs a program that has to succeed; returns its standard output. */
export async function mustRun(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await runCommand(argv, options);
  if (result.code !== 0) throw commandFailure(argv, result.code, result.stderr);
  return result.stdout;
}

/** As {@link mustRun}, without leaving this turn of the event loop: for set-up steps and for exit handlers. */
export function mustRunNow(argv: readonly string[], stdin = ''): string {
  const [file = '', ...args] = argv;
  const result = spawnSync(file, args, { encoding: 'utf8', input: stdin });
  if (result.error) throw new Error(`cannot run ${file}`, { cause: result.error });
  if (result.status !== 0) throw commandFailure(argv, result.status ?? -1, result.stderr);
  return result.stdout;
}

function commandFailure(argv: readonly string[], code: number, stderr: string): Error {
  return new Error(`\`${argv.join(' ')}\` ended with ${code}: ${stderr.trim() || '(no error output)'}`);
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

function signalNumber(signal: NodeJS.Signals | null): number {
  return (signal !== null && SIGNAL_NUMBERS[signal]) || 0;
}
