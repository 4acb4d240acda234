import { spawn } from 'node:child_process';
import { cpus } from 'node:os';

export type StreamedResult = { readonly exitCode: number; readonly timedOut: boolean; readonly seconds: number; readonly busy: number };

/** Milliseconds that all cores have worked and idled since boot. */
function readCores(): { worked: number; all: number } {
  const times = cpus().map((core) => core.times);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { worked: all - times.reduce((sum, { idle }) => sum + idle, 0), all };
}

/**
 * Runs a program with our terminal; passes SIGINT and SIGTERM on to it. After `limitMinutes` it gets SIGTERM, and
 * SIGKILL ten seconds later: time for a lab to be taken down.
 */
export function runStreamed(
  argv: readonly [string, ...string[]],
  options: { cwd: string; env: Record<string, string>; limitMinutes: number },
): Promise<StreamedResult> {
  const [program, ...args] = argv;
  const startedMs = performance.now();
  const coresBefore = readCores();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['ignore', 'inherit', 'inherit'] });
    let timedOut = false;
    let killer: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill('SIGTERM');
      killer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    }, options.limitMinutes * 60_000);
    const passOn = (signal: NodeJS.Signals) => child.kill(signal);
    process.on('SIGINT', passOn).on('SIGTERM', passOn);
    const finish = () => {
      clearTimeout(timer);
      clearTimeout(killer);
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
    };
    child.on('error', (cause) => {
      finish();
      reject(new Error(`cannot run ${program}`, { cause }));
    });
    child.on('close', (code, signal) => {
      finish();
      const interrupted = signal !== null && !timedOut;
      const cores = readCores();
      const busy = (cores.worked - coresBefore.worked) / Math.max(1, cores.all - coresBefore.all);
      resolve({ exitCode: code ?? (interrupted ? 130 : 1), timedOut, seconds: (performance.now() - startedMs) / 1000, busy });
    });
  });
}
