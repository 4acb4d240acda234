import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { redact } from '../../shared/log/redact.ts';

/** What can be said of an event beside its name. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;
export type Log = { write(event: string, fields?: LogFields, error?: unknown): void };

export type LogOrder = {
  readonly dir: string;
  /** Which process writes: they share one file. */
  readonly from: 'window' | 'backend' | 'cli';
  readonly nowMs: () => number;
  /** What must not appear, whatever it stands in; asked for with each line. */
  readonly secrets?: () => readonly string[];
};

/** Where nothing is kept: tests, and whoever gives no folder. */
export const noLog: Log = { write: () => undefined };

export const LOG_FILE = 'console.log';
const MAX_BYTES = 1024 * 1024;
/** Beside the current one: console.log.1 is newer than console.log.2. */
const KEPT_FILES = 2;

/**
 * A log of one JSON object a line, mode 0600, at most three files of about a megabyte. Each line is with the operating system before `write` returns, so
 * that whatever kills the process right after loses none. It never throws: a full disk must not end a push. What is secret is taken out before it is written.
 */
export function openLog({ dir, from, nowMs, secrets = () => [] }: LogOrder): Log {
  return {
    write: (event, fields = {}, error) => {
      const entry = { at: new Date(nowMs()).toISOString(), from, pid: process.pid, event, ...fields, ...(error === undefined ? {} : { error: describe(error) }) };
      try {
        append(dir, `${redactedLine(entry, secrets())}\n`);
      } catch (failure) {
        complainOnce(dir, failure);
      }
    },
  };
}

/** Values are redacted one by one: the quotes of JSON would hide where a secret ends. */
function redactedLine(entry: Readonly<Record<string, unknown>>, secrets: readonly string[]): string {
  return JSON.stringify(entry, (_key, value: unknown) => (typeof value === 'string' ? redact(value, secrets) : value));
}

/** An error with what caused it, innermost last; bounded. */
function describe(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return String(error).slice(0, 2000);
  const own = (error.stack ?? `${error.name}: ${error.message}`).slice(0, 4000);
  return error.cause === undefined || depth === 4 ? own : `${own}\ncaused by ${describe(error.cause, depth + 1)}`;
}

function append(dir: string, line: string): void {
  const path = join(dir, LOG_FILE);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes + Buffer.byteLength(line) > MAX_BYTES) turnOver(path);
  // O_APPEND and one write: lines of several processes do not mix.
  appendFileSync(path, line, { mode: 0o600 });
}

function turnOver(path: string): void {
  for (let n = KEPT_FILES; n >= 1; n -= 1) {
    const former = n === 1 ? path : `${path}.${n - 1}`;
    if (statSync(former, { throwIfNoEntry: false }) !== undefined) renameSync(former, `${path}.${n}`);
  }
}

const complained = new Set<string>();

function complainOnce(dir: string, failure: unknown): void {
  if (complained.has(dir)) return;
  complained.add(dir);
  console.error(`The log in ${dir} cannot be written: ${failure instanceof Error ? failure.message : String(failure)}`);
}

/** Has a crash of this process written down on its way out; how it ends stays as it is. */
export function logCrashes(log: Log): void {
  process.on('uncaughtExceptionMonitor', (error, origin) => log.write('crashed', { origin }, error));
}
