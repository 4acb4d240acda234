import PQueue from 'p-queue';
import { FirebreakError } from '../../shared/errors.ts';
import type { PresentedKey } from '../../shared/model/host.ts';
import type { Connection } from './connection.ts';
import { startDeadline } from './deadline.ts';
import { unreachable } from './dial.ts';
import type { Negotiated } from './handshake.ts';
import { fetchHostKey, openConnection, type ConnectStage, type OpenOptions } from './open-connection.ts';
import { PooledConnection, type Patience } from './pooled-connection.ts';
import { targetKey, type ResolvedTarget } from './ssh-target.ts';

/** ssh2 gives up one interval after this many unanswered keepalives. */
const KEEPALIVES_UNANSWERED = 2;

export type ConnectionSetOptions = {
  maxConnections: number;
  keepaliveIntervalMs: number;
  connectTimeoutMs: number;
  idleTimeoutMs: number;
  random: () => number;
  onNegotiated?: (hostName: string, negotiated: Negotiated) => void;
};

type Purpose = 'target' | 'fresh' | 'jump';

/** Every connection there is, which of them can be shared, and how many there may be. */
export class ConnectionSet {
  readonly #options: ConnectionSetOptions;
  readonly #shared = new Map<string, PooledConnection>();
  readonly #all = new Set<PooledConnection>();
  /** Idle ones, longest idle first. */
  readonly #idle = new Map<PooledConnection, NodeJS.Timeout>();
  /** One place a connection, from dialling to its end. */
  readonly #places: PQueue;

  constructor(options: ConnectionSetOptions) {
    this.#options = options;
    this.#places = new PQueue({ concurrency: options.maxConnections });
  }

  /** The connection to `target`: one that is there or, without waiting, one that is being made. */
  get(target: ResolvedTarget): PooledConnection {
    return this.#getShared(target, 'target');
  }

  /** A connection for one caller, closed when it leaves. */
  makeFresh(target: ResolvedTarget): PooledConnection {
    return this.#make(target, 'fresh');
  }

  /** A new connection, shared from now on. The former one closes once those that use it have left. */
  renew(target: ResolvedTarget): PooledConnection {
    this.#shared.get(`target ${targetKey(target)}`)?.retire();
    return this.get(target);
  }

  /** Goes as far as the host key, through the target's jump hosts. Not pooled. */
  fetchKey(target: ResolvedTarget, patience: Patience): Promise<PresentedKey> {
    const fetch = (via: Connection | null) => this.#inTime(target, patience, (options) => fetchHostKey({ ...options, via }));
    return target.jump === null ? fetch(null) : this.#getShared(target.jump, 'jump').use(patience, fetch);
  }

  /** Ends all; resolves when they are gone. */
  async end(): Promise<void> {
    const all = [...this.#all];
    for (const pooled of all) pooled.end();
    await Promise.all(all.map((pooled) => pooled.gone));
  }

  #getShared(target: ResolvedTarget, purpose: Purpose): PooledConnection {
    const key = `${purpose} ${targetKey(target)}`;
    const known = this.#shared.get(key);
    if (known?.isUsable === true) {
      this.#forgetIdle(known);
      return known;
    }
    const made = this.#make(target, purpose);
    this.#shared.set(key, made);
    void made.gone.then(() => {
      if (this.#shared.get(key) === made) this.#shared.delete(key);
    });
    return made;
  }

  #make(target: ResolvedTarget, purpose: Purpose): PooledConnection {
    const { connectTimeoutMs, onNegotiated } = this.#options;
    const doing = `connecting to ${target.hostName}`;
    const made: PooledConnection = new PooledConnection(target, {
      prepare: (signal) => this.#holdJump(target.jump, { timeoutMs: connectTimeoutMs, signal, doing }, () => made.gone),
      open: (via, begin, onStage, signal) => {
        const connect = () => {
          begin();
          return this.#inTime(target, { timeoutMs: connectTimeoutMs, signal, doing }, (options) =>
            openConnection({ ...options, via, onNegotiated: (negotiated) => onNegotiated?.(target.hostName, negotiated) }), onStage);
        };
        // Jump hosts have connections of their own, outside the places: a target that held a place while its jump host
        // waited for one could wait for ever.
        return purpose === 'jump' ? connect() : this.#inPlace(connect, signal);
      },
      onGone: () => {
        this.#forgetIdle(made);
        this.#all.delete(made);
      },
      onIdle: () => this.#keepIdle(made, purpose),
    });
    this.#all.add(made);
    return made;
  }

  /** Uses the jump host's connection until `until` resolves. Null: there is no jump host. */
  #holdJump(jump: ResolvedTarget | null, patience: Patience, until: () => Promise<void>): Promise<Connection | null> {
    if (jump === null) return Promise.resolve(null);
    const held = Promise.withResolvers<Connection>();
    this.#getShared(jump, 'jump')
      .use(patience, (connection) => {
        held.resolve(connection);
        return until();
      })
      .catch(held.reject);
    return held.promise;
  }

  #inPlace(connect: () => Promise<Connection>, signal: AbortSignal): Promise<Connection> {
    const opened = Promise.withResolvers<Connection>();
    this.#places
      .add(async () => {
        const connection = await connect();
        opened.resolve(connection);
        await connection.closed;
      }, { signal })
      .catch(opened.reject);
    const [longestIdle] = this.#idle.keys();
    if (this.#places.size > 0) longestIdle?.retire();
    return opened.promise;
  }

  async #inTime<T>(target: ResolvedTarget, { timeoutMs, signal, doing }: Patience, work: (options: Omit<OpenOptions, 'via'>) => Promise<T>, onStage?: (stage: ConnectStage) => void): Promise<T> {
    let stage: ConnectStage = 'dialling';
    const timeoutError = () =>
      stage === 'dialling' ? unreachable(target, `no answer within ${timeoutMs / 1000} s`) : new FirebreakError('HOST_TIMEOUT', { host: target.hostName, doing, timeoutMs });
    const deadline = startDeadline({ timeoutMs, signal, doing, timeoutError });
    const keepalive = { intervalMs: this.#options.keepaliveIntervalMs, unansweredMax: KEEPALIVES_UNANSWERED };
    const reportStage = (now: ConnectStage) => {
      stage = now;
      onStage?.(now);
    };
    try {
      return await work({ target, keepalive, signal: deadline.signal, random: this.#options.random, onStage: reportStage });
    } finally {
      deadline.stop();
    }
  }

  #keepIdle(pooled: PooledConnection, purpose: Purpose): void {
    if (purpose === 'fresh' || this.#places.size > 0) pooled.retire();
    else this.#idle.set(pooled, setTimeout(() => pooled.retire(), this.#options.idleTimeoutMs));
  }

  #forgetIdle(pooled: PooledConnection): void {
    clearTimeout(this.#idle.get(pooled));
    this.#idle.delete(pooled);
  }
}
