import { setTimeout as delay } from 'node:timers/promises';
import { FirebreakError, isFirebreakError } from '../../shared/errors.ts';
import { ChannelRefused, ConnectionGone, type Connection } from './connection.ts';
import { startDeadline } from './deadline.ts';
import type { PooledConnection } from './pooled-connection.ts';
import { runCommand } from './run-command.ts';
import type { RunResult } from './run-channel.ts';
import type { RunRequest } from './run-request.ts';
import type { ResolvedTarget } from './ssh-target.ts';

/** Waits between them double from 50 ms on: 1.6 s in all, since sshd on a loaded host takes that long to free a session. */
const MAX_TRIES = 6;

type Call = { target: ResolvedTarget; request: RunRequest; signal: AbortSignal; random: () => number };
type Refused = { refused: string; othersOpen: number };

/**
 * Runs a command on a connection, as soon as one of its channels is free. When sshd grants fewer sessions than we take
 * (MaxSessions 1), it learns the number and waits its turn: a refused channel carried nothing, so asking again is safe.
 * @throws ConnectionGone (nothing was sent), SSH_LIMIT_REACHED, and what runCommand throws
 */
export function runOnPooled(pooled: PooledConnection, call: Call): Promise<RunResult> {
  const { request, signal, target } = call;
  return pooled.use({ timeoutMs: request.timeoutMs, signal, doing: request.doing }, async (connection) => {
    for (let tries = 1; ; ) {
      const outcome = await inTurn(pooled, connection, call);
      if (!('refused' in outcome)) return outcome;
      if (outcome.othersOpen > 0) {
        pooled.channels.concurrency = Math.min(pooled.channels.concurrency, outcome.othersOpen);
        continue;
      }
      if (tries === MAX_TRIES) throw new FirebreakError('SSH_LIMIT_REACHED', { host: target.hostName, detail: outcome.refused });
      // sshd frees a session a moment after it has closed its channel.
      await delay(25 * 2 ** tries + Math.floor(call.random() * 100));
      tries += 1;
    }
  });
}

async function inTurn(pooled: PooledConnection, connection: Connection, call: Call): Promise<RunResult | Refused> {
  try {
    return await pooled.channels.add(() => tryOnce(pooled, connection, call), { signal: call.signal });
  } catch (error) {
    if (call.signal.aborted) throw new FirebreakError('ABORTED', { doing: call.request.doing });
    throw error;
  }
}

async function tryOnce(pooled: PooledConnection, connection: Connection, { target, request, signal }: Call): Promise<RunResult | Refused> {
  const { doing, timeoutMs } = request;
  const othersOpen = pooled.channels.pending - 1;
  const timeoutError = () => new FirebreakError('HOST_TIMEOUT', { host: target.hostName, doing, timeoutMs });
  const deadline = startDeadline({ timeoutMs, signal, doing, timeoutError });
  try {
    return await runCommand(connection, target, request, deadline.signal);
  } catch (error) {
    if (error instanceof ChannelRefused) return { refused: error.message, othersOpen };
    if (isFirebreakError(error, 'OUTPUT_TOO_LARGE')) pooled.destroy();
    // The session of an abandoned command may live on in sshd and count there.
    else if (deadline.signal.aborted || error instanceof ConnectionGone) pooled.retire();
    throw error;
  } finally {
    deadline.stop();
  }
}
