import { randomBytes } from 'node:crypto';
import type { ClientChannel } from 'ssh2';
import type { FirebreakError } from '../../shared/errors.ts';
import type { Connection } from './connection.ts';
import { untilAborted } from './deadline.ts';
import { quoteCommand } from './quote-command.ts';
import { runChannel, type ChannelRun, type RunResult } from './run-channel.ts';
import type { RunRequest } from './run-request.ts';
import type { ResolvedTarget } from './ssh-target.ts';
import { sudoNopasswdCommand, sudoPasswordCommand } from './sudo-command.ts';
import { SudoDialogue } from './sudo-dialogue.ts';
import { findSudoRefusal, sudoNeverStarted, sudoPasswordNeeded, sudoPasswordUnusable, sudoPasswordWrong, withShellExitCode } from './sudo-refusal.ts';

/**
 * Runs one command over an open connection, as root when asked to. A command that ran and failed is a result, not an error.
 * @throws ChannelRefused (nothing was sent), SUDO_REFUSED, SUDO_PASSWORD_NEEDED, and what runChannel throws
 */
export async function runCommand(connection: Connection, target: ResolvedTarget, request: RunRequest, signal: AbortSignal): Promise<RunResult> {
  const mode = request.sudo ? target.sudo : 'none';
  if (mode === 'password') return runWithPassword(connection, target, request, signal);
  const command = mode === 'none' ? quoteCommand(request.argv, request.rawSuffix) : sudoNopasswdCommand(request);
  const result = await runOver(connection, target, request, signal, command, (channel) => {
    sendStdin(channel, request);
    return (chunk) => chunk;
  });
  if (mode === 'none') return result;
  const refusal = findSudoRefusal(target, result.exitCode, result.stderr);
  if (refusal !== null) throw refusal;
  return { ...result, exitCode: withShellExitCode(result.exitCode, result.stderr) };
}

async function runWithPassword(connection: Connection, target: ResolvedTarget, request: RunRequest, signal: AbortSignal): Promise<RunResult> {
  const marker = (kind: string) => `firebreak-${kind}-${randomBytes(16).toString('hex')}`;
  const markers = { prompt: marker('prompt'), ready: marker('ready') };
  const dialogue = new SudoDialogue(markers);
  const begin: ChannelRun['begin'] = (channel, fail) => (chunk) => {
    const step = dialogue.feed(chunk);
    if (step.action === 'send-password') sendPassword(channel, target, fail);
    if (step.action === 'password-refused') fail(sudoPasswordWrong(target));
    if (step.action === 'start') sendStdin(channel, request);
    return step.passOn;
  };
  let result: RunResult;
  try {
    result = await runOver(connection, target, request, signal, sudoPasswordCommand(request, markers), begin);
  } catch (error) {
    // Time ran out while something other than our prompt was asked (a one-time code, an expired password): say what it was.
    const timedOut = signal.aborted && request.signal?.aborted !== true;
    throw timedOut && !dialogue.started && !dialogue.asked && /[^\n]$/.test(dialogue.preamble) ? sudoNeverStarted(target, 1, dialogue.preamble) : error;
  }
  if (!dialogue.started) throw sudoNeverStarted(target, result.exitCode, dialogue.preamble);
  return result;
}

function sendPassword(channel: ClientChannel, target: ResolvedTarget, fail: (error: FirebreakError) => void): void {
  const password = target.secrets().sudoPassword;
  if (password === null) fail(sudoPasswordNeeded(target));
  else if (/[\n\r\0]/.test(password)) fail(sudoPasswordUnusable(target));
  else channel.write(`${password}\n`);
}

function sendStdin(channel: ClientChannel, request: RunRequest): void {
  const { stdin = '', hold } = request;
  if (stdin.length > 0) channel.write(typeof stdin === 'string' ? stdin : Buffer.from(stdin.buffer, stdin.byteOffset, stdin.byteLength));
  const end = () => void channel.end();
  if (hold === undefined) end();
  else hold.over.then(end, end);
}

function runOver(connection: Connection, target: ResolvedTarget, request: RunRequest, signal: AbortSignal, command: string, begin: ChannelRun['begin']): Promise<RunResult> {
  const { doing, maxOutputBytes, hold } = request;
  const run: ChannelRun = { hostName: target.hostName, doing, maxOutputBytes, signal, begin, said: hold?.said ?? null };
  // A channel that opens after the signal aborted is closed by runChannel.
  return untilAborted(connection.exec(command, doing, (channel) => runChannel(channel, run)), signal);
}
