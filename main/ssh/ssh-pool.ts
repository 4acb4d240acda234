import { FirebreakError } from '../../shared/errors.ts';
import type { PresentedKey } from '../../shared/model/host.ts';
import { ConnectionGone } from './connection.ts';
import { ConnectionSet } from './connection-set.ts';
import type { Negotiated } from './handshake.ts';
import type { PooledConnection } from './pooled-connection.ts';
import type { RunResult } from './run-channel.ts';
import { runOnPooled } from './run-on-pooled.ts';
import type { RunRequest } from './run-request.ts';
import type { ResolvedTarget } from './ssh-target.ts';

export type { RunRequest } from './run-request.ts';
export type { RunResult } from './run-channel.ts';

export type SshPoolOptions = {
  /** Connections to targets at once, open or being opened; further ones wait, idle ones make room. Jump hosts come on top. */
  maxConnections: number;
  /** Default 3 s. Two unanswered ones in a row end a connection, so a cut path is noticed within 9 s. */
  keepaliveIntervalMs?: number;
  /** For one connection, whatever its callers' time. Default 15 s. */
  connectTimeoutMs?: number;
  /** Default 60 s. */
  idleTimeoutMs?: number;
  /** 0 up to 1; spreads retries. */
  random?: () => number;
  onNegotiated?: (hostName: string, negotiated: Negotiated) => void;
};

export type FreshConnection = boolean | 'then-shared';

export type SshPool = {
  /**
   * Runs one command and waits for its end. Never repeats a command. With `freshConnection` it makes a connection of its
   * own, as the proof that new ones still come through, and closes it afterwards; `then-shared` keeps it instead: it takes the
   * place of the shared one, so that every later call goes over a connection that was made after this one began.
   * @throws FirebreakError: HOST_*, SSH_*, SUDO_*, OUTPUT_TOO_LARGE, ABORTED. A non-zero exit is a result.
   */
  run(target: ResolvedTarget, request: RunRequest, options?: { freshConnection?: FreshConnection }): Promise<RunResult>;
  /** The key that the host shows now, pinned or not, of the kinds of `pinnedKeys` if it has one; nothing is sent to it but the key exchange. Its jump hosts must be trusted. */
  showKey(target: ResolvedTarget, options: { timeoutMs: number; signal?: AbortSignal }): Promise<PresentedKey>;
  /** Ends every connection; running calls fail with ABORTED. Resolves when all are gone. Later calls fail at once. */
  close(): Promise<void>;
};

const DEFAULTS = { keepaliveIntervalMs: 3_000, connectTimeoutMs: 15_000, idleTimeoutMs: 60_000 };

export function createSshPool(options: SshPoolOptions): SshPool {
  return new Pool(options);
}

class Pool implements SshPool {
  readonly #options: SshPoolOptions & { random: () => number };
  readonly #connections: ConnectionSet;
  readonly #closing = new AbortController();

  constructor(options: SshPoolOptions) {
    this.#options = { ...options, random: options.random ?? Math.random };
    this.#connections = new ConnectionSet({ ...DEFAULTS, ...this.#options });
  }

  async run(target: ResolvedTarget, request: RunRequest, { freshConnection = false }: { freshConnection?: FreshConnection } = {}): Promise<RunResult> {
    const call = { target, request, signal: this.#callSignal(request.signal, request.doing), random: this.#options.random };
    const runOnce = () => runOnPooled(this.#connection(target, freshConnection), call);
    const disconnected = () => new FirebreakError('HOST_DISCONNECTED', { host: target.hostName, doing: request.doing });
    try {
      return await runOnce();
    } catch (error) {
      if (!(error instanceof ConnectionGone)) throw error;
    }
    // An idle connection that had died unnoticed: the command was not sent, so connecting anew is safe, once.
    return runOnce().catch((error) => {
      throw error instanceof ConnectionGone ? disconnected() : error;
    });
  }

  async showKey(target: ResolvedTarget, { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal }): Promise<PresentedKey> {
    const doing = 'reading its host key';
    return this.#connections.fetchKey(target, { timeoutMs, doing, signal: this.#callSignal(signal, doing) });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connections.end();
  }

  #connection(target: ResolvedTarget, fresh: FreshConnection): PooledConnection {
    if (fresh === 'then-shared') return this.#connections.renew(target);
    return fresh ? this.#connections.makeFresh(target) : this.#connections.get(target);
  }

  #callSignal(signal: AbortSignal | undefined, doing: string): AbortSignal {
    const joined = signal === undefined ? this.#closing.signal : AbortSignal.any([signal, this.#closing.signal]);
    if (joined.aborted) throw new FirebreakError('ABORTED', { doing });
    return joined;
  }
}
