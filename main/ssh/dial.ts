import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { FirebreakError } from '../../shared/errors.ts';
import { HandshakeLost } from './handshake-lost.ts';
import { errorDetail } from './inert-text.ts';
import type { ResolvedTarget } from './ssh-target.ts';

/**
 * Opens a TCP connection to the target's sshd. Nagle is off: it costs 44 ms a channel (RELIABILITY.md section 6).
 * @throws HOST_UNREACHABLE, HandshakeLost, the signal's reason
 */
export function dialTcp(target: ResolvedTarget, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: target.address, port: target.port, noDelay: true });
    const giveUp = (error: unknown) => {
      socket.destroy();
      reject(error);
    };
    const onAbort = () => giveUp(signal.reason);
    // Stays for the life of the socket: an error without a listener would end the process.
    socket.on('error', (error) => giveUp(dialFailure(target, error)));
    socket.once('connect', () => {
      signal.removeEventListener('abort', onAbort);
      resolve(socket);
    });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

export function unreachable(target: ResolvedTarget, detail: string, cause?: unknown): FirebreakError {
  return new FirebreakError('HOST_UNREACHABLE', { host: target.hostName, address: target.address, port: target.port, detail }, { cause });
}

/** No connection, and yet the host cannot be said to be away: something else answers, or this machine cannot connect anywhere. */
export function unreachableHere(target: ResolvedTarget, detail: string, cause?: unknown): FirebreakError {
  return new FirebreakError('HOST_UNREACHABLE', { host: target.hostName, address: target.address, port: target.port, detail, notAway: true }, { cause });
}

const PROBLEMS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there, or a firewall rejects it',
  ENOTFOUND: 'that name does not resolve',
  EAI_AGAIN: 'the name server does not answer',
  EHOSTUNREACH: 'no route to that host, or it is down',
  ENETUNREACH: 'no route to that network',
  ETIMEDOUT: 'no answer',
  EACCES: 'this machine forbids the connection',
  EPERM: 'this machine forbids the connection',
  EADDRNOTAVAIL: 'this machine has no address of that family',
  EMFILE: 'this machine has no file descriptors left',
};

/** What says nothing about the host. */
const OUR_OWN: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EADDRNOTAVAIL', 'EMFILE', 'ENFILE']);

function dialFailure(target: ResolvedTarget, error: Error): Error {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // A reset that overtakes the end of connect(): the same as one right after it.
  if (code === 'ECONNRESET') return new HandshakeLost(error.message, { cause: error });
  return (OUR_OWN.has(code) ? unreachableHere : unreachable)(target, PROBLEMS[code] ?? errorDetail(error), error);
}
