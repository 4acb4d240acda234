import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import type { Client } from 'ssh2';
import { FirebreakError } from '../../shared/errors.ts';
import type { HostKey } from '../../shared/model/host.ts';
import { algorithmsFor } from './algorithms.ts';
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
  verifyKey: (key: HostKey) => void;
  keepalive: { intervalMs: number; unansweredMax: number };
  signal: AbortSignal;
};

/** What was negotiated, for the log and for `doctor`. Without strict KEX (Terrapin's cure) only our algorithm list protects. */
export type Negotiated = { strictKex: boolean; cipher: string; hostKey: HostKey };

/**
 * SSH from the first byte to a logged-in client. The host key is verified before the first authentication message.
 * @throws a FirebreakError, or HandshakeLost when the peer hung up before it said anything
 */
export function handshake(options: HandshakeOptions): Promise<{ client: Client; negotiated: Negotiated }> {
  const { target, socket, signal } = options;
  const client = new ssh2.Client();
  const progress = { firstWords: '', keyAccepted: false, strictKex: false, cipher: '', hostKey: null as HostKey | null };

  return new Promise((resolve, reject) => {
    let settled = false;
    const fail = (error: unknown) => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', onAbort);
      client.end();
      socket.destroy();
      reject(error);
    };
    const onAbort = () => fail(signal.reason);
    const verify = (blob: Buffer): boolean => {
      const key = readHostKey(blob);
      // A key exchange can be repeated within a connection; the key must stay what it was.
      if (progress.hostKey !== null) return progress.hostKey.fingerprint === key.fingerprint;
      progress.hostKey = key;
      try {
        options.verifyKey(key);
      } catch (error) {
        // Next tick: ssh2 first gets its `false`, so that it is ssh2 that ends the key exchange.
        process.nextTick(fail, error);
        return false;
      }
      progress.keyAccepted = true;
      return true;
    };

    // This listener stays: ssh2 may emit further errors until the socket is closed.
    client.on('error', (error) => {
      if (progress.hostKey !== null && !progress.keyAccepted) return;
      fail(handshakeFailure(target, progress, error));
    });
    client.on('close', () => fail(handshakeFailure(target, progress, null)));
    client.on('change password', () => fail(authFailed(target, `${identityText(target)} (the password has expired and must be changed on the host)`)));
    client.on('handshake', (negotiated) => {
      progress.cipher = negotiated.cs.cipher;
    });
    client.on('ready', () => {
      if (settled || progress.hostKey === null) return;
      settled = true;
      signal.removeEventListener('abort', onAbort);
      resolve({ client, negotiated: { strictKex: progress.strictKex, cipher: progress.cipher, hostKey: progress.hostKey } });
    });
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });

    try {
      client.connect({
        sock: socket,
        username: target.user,
        algorithms: algorithmsFor(target.pinnedKeys),
        hostVerifier: verify,
        authHandler: authHandlerFor(options.login, fail),
        agentForward: false,
        // Our own deadline covers the handshake.
        readyTimeout: 0,
        keepaliveInterval: options.keepalive.intervalMs,
        keepaliveCountMax: options.keepalive.unansweredMax,
        debug: (message) => {
          // The only place where ssh2 1.17 says it (protocol/kex.js); the version is pinned exactly.
          if (message === 'Handshake: strict KEX mode enabled') progress.strictKex = true;
        },
      });
    } catch (error) {
      return fail(new FirebreakError('INTERNAL', { detail: 'ssh2 refused its configuration' }, { cause: error }));
    }
    // After connect(), which paused the socket: listening here must not start the flow before ssh2 reads.
    socket.once('data', (chunk: Buffer) => {
      progress.firstWords = chunk.subarray(0, 80).toString('latin1');
    });
  });
}
