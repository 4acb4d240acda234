import { constants } from 'node:os';
import type { ClientChannel } from 'ssh2';
import { FirebreakError } from '../../shared/errors.ts';
import { BoundedBytes } from './bounded-bytes.ts';

/** What a finished command left. `exitCode` is 128 + n for one that signal n ended, as shells say it. */
export type RunResult = { exitCode: number; stdout: string; stderr: string };

/** Reads stderr first; answers with what of it belongs to the command. May write to the channel and may `fail`. */
export type StderrFilter = (chunk: Buffer) => Buffer;

export type ChannelRun = {
  hostName: string;
  doing: string;
  maxOutputBytes: number;
  /** Aborts with the error to throw; the channel is closed then. */
  signal: AbortSignal;
  /** Gets all of stdout so far whenever there is more; null: nobody waits for it. */
  said: ((stdout: string) => void) | null;
  /** Called once the channel is listened to: sends stdin now, or arranges for it. */
  begin: (channel: ClientChannel, fail: (error: FirebreakError) => void) => StderrFilter;
};

/**
 * Collects what one exec channel says until it closes. stdout and stderr together are bounded by `maxOutputBytes`.
 * However it ends, the channel is closed.
 * @throws OUTPUT_TOO_LARGE, HOST_DISCONNECTED (it closed without an exit status), whatever `signal` or `begin` give
 */
export function runChannel(channel: ClientChannel, run: ChannelRun): Promise<RunResult> {
  const stdout = new BoundedBytes(run.maxOutputBytes);
  const stderr = new BoundedBytes(run.maxOutputBytes);
  let exitCode: number | null = null;

  return new Promise((resolve, reject) => {
    const onAbort = () => fail(run.signal.reason);
    const fail = (error: unknown) => {
      run.signal.removeEventListener('abort', onAbort);
      closeChannel(channel);
      reject(error);
    };
    const keep = (into: BoundedBytes, other: BoundedBytes, chunk: Buffer) => {
      const fits = chunk.length + into.lengthBytes + other.lengthBytes <= run.maxOutputBytes && into.append(chunk);
      if (!fits) fail(new FirebreakError('OUTPUT_TOO_LARGE', { host: run.hostName, doing: run.doing, limitBytes: run.maxOutputBytes }));
    };
    const finish = () => {
      run.signal.removeEventListener('abort', onAbort);
      if (exitCode === null) reject(new FirebreakError('HOST_DISCONNECTED', { host: run.hostName, doing: run.doing }));
      else resolve({ exitCode, stdout: stdout.text(), stderr: stderr.text() });
    };

    // A channel that the peer closes while we write reports it here; `close` says the rest.
    channel.on('error', () => undefined);
    channel.on('exit', (code: number | null, signalName?: string) => {
      exitCode = code ?? 128 + signalNumber(signalName);
    });
    // The two streams end in either order; stdout's end comes with `close`.
    let openStreams = 2;
    const onStreamClosed = () => {
      openStreams -= 1;
      if (openStreams === 0) finish();
    };
    channel.once('close', onStreamClosed);
    channel.stderr.once('close', onStreamClosed);
    if (run.signal.aborted) return onAbort();
    run.signal.addEventListener('abort', onAbort, { once: true });

    const filterStderr = run.begin(channel, fail);
    channel.on('data', (chunk: Buffer) => {
      keep(stdout, stderr, chunk);
      run.said?.(stdout.text());
    });
    channel.stderr.on('data', (chunk: Buffer) => keep(stderr, stdout, filterStderr(chunk)));
  });
}

/**
 * Closes the channel; whatever still comes is dropped. The command on the host sees its pipes closed, so it ends when it next
 * reads or writes. There is no signal: ssh2 sends none once stdin has ended, and sshd could not deliver it to sudo's child.
 */
function closeChannel(channel: ClientChannel): void {
  channel.removeAllListeners('data');
  channel.stderr.removeAllListeners('data');
  channel.resume();
  channel.stderr.resume();
  channel.destroy();
}

function signalNumber(name: string | undefined): number {
  const found = Object.entries(constants.signals).find(([known]) => known === name);
  return found === undefined ? 127 : found[1];
}
