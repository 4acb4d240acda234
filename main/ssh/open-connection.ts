import { setTimeout as delay } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { FirebreakError } from '../../shared/errors.ts';
import type { HostKey, PresentedKey } from '../../shared/model/host.ts';
import { wrapConnection, type Connection } from './connection.ts';
import { untilAborted } from './deadline.ts';
import { dialTcp } from './dial.ts';
import { HandshakeLost } from './handshake-lost.ts';
import { handshake, type Negotiated } from './handshake.ts';
import { verifyHostKey } from './host-key.ts';
import { prepareLogin } from './login.ts';
import type { ResolvedTarget } from './ssh-target.ts';

const MAX_TRIES = 3;

export type ConnectStage = 'dialling' | 'talking';

export type OpenOptions = {
  target: ResolvedTarget;
  /** An open connection to the target's jump host, or null to dial directly. */
  via: Connection | null;
  keepalive: { intervalMs: number; unansweredMax: number };
  signal: AbortSignal;
  /** 0 up to 1; spreads the tries of many connections. */
  random: () => number;
  onStage?: (stage: ConnectStage) => void;
  onNegotiated?: (negotiated: Negotiated) => void;
};

/**
 * Dials, verifies the host key, logs in. Tries again (3 in all, with jitter) only when the peer hung up before the
 * handshake, as sshd over MaxStartups does; nothing of ours has been sent then.
 */
export async function openConnection(options: OpenOptions): Promise<Connection> {
  const { target } = options;
  const verifyKey = (key: HostKey) => verifyHostKey(target, key);
  // Before dialling: without a usable identity there is nothing to ask the host.
  const makeLogin = await prepareLogin(target);
  return withTries(options, async (socket) => {
    const { client, negotiated } = await handshake({ ...options, socket, login: makeLogin(), verifyKey });
    options.onNegotiated?.(negotiated);
    return wrapConnection(target, client, socket);
  });
}

/** Goes as far as the host key and hangs up: no authentication, nothing pinned, nothing trusted. */
export async function fetchHostKey(options: OpenOptions): Promise<PresentedKey> {
  class KeySeen extends Error {}
  let seen: PresentedKey | null = null;
  const verifyKey = (key: HostKey, blob: Buffer) => {
    seen = { ...key, publicKey: blob.toString('base64') };
    throw new KeySeen();
  };
  const login = { next: () => new FirebreakError('INTERNAL', { detail: 'a key was shown and then a login attempted' }) };
  return withTries(options, async (socket) => {
    try {
      await handshake({ ...options, socket, login, verifyKey });
    } catch (error) {
      if (seen !== null && error instanceof KeySeen) return seen;
      throw error;
    }
    throw new FirebreakError('INTERNAL', { detail: 'the handshake went on after the key was shown' });
  });
}

async function withTries<T>(options: OpenOptions, talk: (socket: Duplex) => Promise<T>): Promise<T> {
  const { target, via, signal } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      options.onStage?.('dialling');
      const socket = await (via === null ? dialTcp(target, signal) : tunnel(via, target, signal));
      options.onStage?.('talking');
      return await talk(socket).catch((error) => {
        socket.destroy();
        throw error;
      });
    } catch (error) {
      if (!(error instanceof HandshakeLost)) throw error;
      if (tries === MAX_TRIES) throw hungUp(target, error);
    }
    await untilAborted(delay(tries * 150 + Math.floor(options.random() * 300), undefined, { signal }), signal);
  }
}

async function tunnel(via: Connection, target: ResolvedTarget, signal: AbortSignal): Promise<Duplex> {
  const opening = via.openTunnel(target);
  try {
    const stream = await untilAborted(opening, signal);
    // Lives as long as the stream: an error without a listener would end the process.
    stream.on('error', () => stream.destroy());
    return stream;
  } catch (error) {
    void opening.then((late) => late.destroy(), () => undefined);
    throw error;
  }
}

function hungUp(target: ResolvedTarget, cause: Error): FirebreakError {
  const detail = `it closed the connection before the SSH handshake, ${MAX_TRIES} times; MaxStartups, or a ban of this address?`;
  return new FirebreakError('SSH_LIMIT_REACHED', { host: target.hostName, detail }, { cause });
}
