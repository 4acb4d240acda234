import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { Client } from 'ssh2';
import { FirebreakError } from '../../shared/errors.ts';
import type { HostKey } from '../../shared/model/host.ts';
import { algorithmsFor } from './algorithms.ts';
import { signForCertificates } from './certificate-request.ts';
import { readHostKey } from './host-key.ts';
import { authFailed, authHandlerFor, identityText, type Login } from './login.ts';
import { handshakeFailure } from './handshake-failure.ts';
import type { ResolvedTarget } from './ssh-target.ts';

export type HandshakeOptions = {
  target: ResolvedTarget;
  /** A connected byte stream; owned by the handshake from now on, destroyed when it fails. */
  socket: Duplex;
  login: Login;
  /** Throws to refuse; then nothing but the key exchange has been sent. */
  verifyKey: (key: HostKey, blob: Buffer) => void;
  keepalive: { intervalMs: number; unansweredMax: number };
  signal: AbortSignal;
};

/** What was negotiated, for the log and for `doctor`. Without strict KEX (Terrapin's cure) only our algorithm list protects. */
export type Negotiated = { strictKex: boolean; cipher: string; hostKey: HostKey };

type LoggedIn = { client: Client; negotiated: Negotiated };

/**
 * SSH from the first byte to a logged-in client. The host key is verified before the first authentication message.
 * @throws a FirebreakError, or HandshakeLost when the peer hung up before SSH began
 */
export function handshake(options: HandshakeOptions): Promise<LoggedIn> {
  return new Handshake(options).run();
}

class Handshake {
  readonly #options: HandshakeOptions;
  readonly #client = new ssh2.Client();
  readonly #outcome = Promise.withResolvers<LoggedIn>();
  #settled = false;
  #firstWords = '';
  #keyAccepted = false;
  #hostKey: HostKey | null = null;
  #strictKex = false;
  #cipher = '';

  constructor(options: HandshakeOptions) {
    this.#options = options;
  }

  run(): Promise<LoggedIn> {
    const { signal, socket } = this.#options;
    this.#listen();
    if (signal.aborted) {
      this.#onAbort();
      return this.#outcome.promise;
    }
    signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#connect();
    // After connect(), which paused the socket: listening here must not start the flow before ssh2 reads.
    socket.once('data', (chunk: Buffer) => {
      this.#firstWords = chunk.subarray(0, 80).toString('latin1');
    });
    return this.#outcome.promise;
  }

  #listen(): void {
    const client = this.#client;
    const { target } = this.#options;
    // This listener stays: ssh2 may emit further errors until the socket is closed. A refused key has its own error already.
    client.on('error', (error) => {
      if (this.#hostKey === null || this.#keyAccepted) this.#fail(this.#failure(error));
    });
    client.on('close', () => this.#fail(this.#failure(null)));
    client.on('change password', () => this.#fail(authFailed(target, `${identityText(target)} (the password has expired and must be changed on the host)`)));
    client.on('handshake', (negotiated) => {
      this.#cipher = negotiated.cs.cipher;
    });
    client.on('ready', () => this.#succeed());
  }

  #connect(): void {
    const { socket, target, login, keepalive } = this.#options;
    try {
      this.#client.connect({
        sock: socket,
        username: target.user,
        algorithms: algorithmsFor(target.pinnedKeys),
        hostVerifier: (blob: Buffer) => this.#verify(blob),
        authHandler: authHandlerFor(login, (error) => this.#fail(error)),
        agentForward: false,
        // Our own deadline covers the handshake.
        readyTimeout: 0,
        keepaliveInterval: keepalive.intervalMs,
        keepaliveCountMax: keepalive.unansweredMax,
        debug: (message) => {
          // The only place where ssh2 1.17 says it (protocol/kex.js); the version is pinned exactly.
          if (message === 'Handshake: strict KEX mode enabled') this.#strictKex = true;
        },
      });
      signForCertificates(this.#client);
    } catch (error) {
      this.#fail(new FirebreakError('INTERNAL', { detail: 'ssh2 refused its configuration' }, { cause: error }));
    }
  }

  /** ssh2 asks at every key exchange; within a connection the key must stay what it was. */
  #verify(blob: Buffer): boolean {
    const key = readHostKey(blob);
    if (this.#hostKey !== null) return this.#hostKey.fingerprint === key.fingerprint;
    this.#hostKey = key;
    try {
      this.#options.verifyKey(key, blob);
    } catch (error) {
      // Next tick: ssh2 first gets its `false`, so that it is ssh2 that ends the key exchange.
      process.nextTick(() => this.#fail(error));
      return false;
    }
    this.#keyAccepted = true;
    return true;
  }

  readonly #onAbort = () => this.#fail(this.#options.signal.reason);

  #failure(error: Error | null): Error {
    return handshakeFailure(this.#options.target, { firstWords: this.#firstWords, keyAccepted: this.#keyAccepted }, error);
  }

  #fail(error: unknown): void {
    if (!this.#settle()) return;
    this.#client.end();
    this.#options.socket.destroy();
    this.#outcome.reject(error);
  }

  #succeed(): void {
    if (this.#hostKey === null || !this.#settle()) return;
    this.#outcome.resolve({ client: this.#client, negotiated: { strictKex: this.#strictKex, cipher: this.#cipher, hostKey: this.#hostKey } });
  }

  /** True for the first caller only. */
  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    return true;
  }
}
