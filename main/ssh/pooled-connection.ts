import PQueue from 'p-queue';
import { FirebreakError } from '../../shared/errors.ts';
import type { Connection } from './connection.ts';
import { untilAborted, withDeadline } from './deadline.ts';
import { unreachable } from './dial.ts';
import type { ConnectStage } from './open-connection.ts';
import type { ResolvedTarget } from './ssh-target.ts';

/** sshd's MaxSessions is 10 for everybody together; we keep to 4 (RELIABILITY.md section 6). */
const MAX_CHANNELS = 4;

export type Patience = { timeoutMs: number; signal: AbortSignal; doing: string };

export type Opening = {
  /** Waits for what must be there first (the jump host); counts against the callers' time. */
  prepare: (signal: AbortSignal) => Promise<Connection | null>;
  /** Waits for a free place and connects; calls `begin` when it has the place. */
  open: (via: Connection | null, begin: () => void, onStage: (stage: ConnectStage) => void, signal: AbortSignal) => Promise<Connection>;
  /** Called once when it is over: never opened, or closed again. */
  onGone: () => void;
  /** Called when the last user has left an open connection that could serve again. */
  onIdle: () => void;
};

/** One connection, from wanting it to closing it, and those who use it. */
export class PooledConnection {
  readonly target: ResolvedTarget;
  /** Runs what opens channels, so that no more are open than sshd grants. */
  readonly channels = new PQueue({ concurrency: MAX_CHANNELS });
  readonly gone: Promise<void>;
  readonly #opening: Opening;
  readonly #abort = new AbortController();
  readonly #prepared: Promise<unknown>;
  readonly #begun: Promise<void>;
  readonly #ready: Promise<Connection>;
  #connection: Connection | null = null;
  #stage: ConnectStage = 'dialling';
  #users = 0;
  #retired = false;

  constructor(target: ResolvedTarget, opening: Opening) {
    this.target = target;
    this.#opening = opening;
    const { signal } = this.#abort;
    const begun = Promise.withResolvers<void>();
    this.#begun = begun.promise;
    const prepared = opening.prepare(signal);
    this.#prepared = prepared;
    this.#ready = prepared.then((via) => opening.open(via, begun.resolve, (stage) => (this.#stage = stage), signal));
    // Those who wait see the failure through `use`; without waiters it is nobody's.
    this.#ready.catch(begun.resolve);
    this.gone = this.#ready.then((connection) => this.#opened(connection), () => undefined).then(() => opening.onGone());
  }

  /** Whether a new caller may join. */
  get isUsable(): boolean {
    return !this.#retired && !this.#abort.signal.aborted && (this.#connection === null || this.#connection.isOpen());
  }

  get isIdle(): boolean {
    return this.#users === 0;
  }

  /** Counts the caller in, waits for the connection, hands it to `work`, counts it out. The last one to leave ends a connection that did not open yet. */
  async use<T>(patience: Patience, work: (connection: Connection) => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      return await work(await this.#wait(patience));
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#leftAlone();
    }
  }

  /** Takes no new callers; closes as soon as those that are there have left. */
  retire(): void {
    this.#retired = true;
    if (this.#users === 0) this.#leftAlone();
  }

  /** Ends it now; callers get ABORTED or a lost connection. */
  end(): void {
    this.#retired = true;
    this.#abort.abort(new FirebreakError('ABORTED', { doing: `connecting to ${this.target.hostName}` }));
    this.#connection?.close();
  }

  /** Cuts it without a goodbye. */
  destroy(): void {
    this.#retired = true;
    this.#connection?.destroy();
  }

  async #wait({ timeoutMs, signal, doing }: Patience): Promise<Connection> {
    const { hostName } = this.target;
    const timeoutError = () =>
      this.#stage === 'dialling' ? unreachable(this.target, `no answer within ${timeoutMs / 1000} s`) : new FirebreakError('HOST_TIMEOUT', { host: hostName, doing, timeoutMs });
    const limit = { timeoutMs, signal, doing, timeoutError };
    await withDeadline(this.#prepared, limit);
    await untilAborted(this.#begun, signal).catch(() => {
      throw new FirebreakError('ABORTED', { doing });
    });
    return withDeadline(this.#ready, limit);
  }

  #opened(connection: Connection): Promise<void> {
    this.#connection = connection;
    if (this.#abort.signal.aborted) connection.destroy();
    else if (this.#users === 0) this.#leftAlone();
    return connection.closed;
  }

  #leftAlone(): void {
    if (this.#connection === null) this.end();
    else if (this.#retired) this.#connection.close();
    else this.#opening.onIdle();
  }
}
