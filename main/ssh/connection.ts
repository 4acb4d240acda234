import type { Duplex } from 'node:stream';
import type { Client, ClientChannel } from 'ssh2';
import { FirebreakError } from '../../shared/errors.ts';
import { unreachable, unreachableHere } from './dial.ts';
import { errorDetail } from './inert-text.ts';
import type { ResolvedTarget } from './ssh-target.ts';

/** How long a peer may take to hang up after we said goodbye. */
const GOODBYE_MS = 1_000;

/** sshd had no session left for us: nothing was sent, so asking again later is safe. */
export class ChannelRefused extends Error {}

/** The connection was over before the command was sent. */
export class ConnectionGone extends Error {}

/** One logged-in connection. */
export type Connection = {
  isOpen: () => boolean;
  /** Resolves when the connection is gone, for whatever reason; never rejects. */
  closed: Promise<void>;
  /**
   * `start` is called in the same tick in which the channel opens, and must listen before it returns: a short command's
   * output, status and close can all be in the packet that follows.
   * @throws ChannelRefused and ConnectionGone (nothing was sent), HOST_DISCONNECTED, HOST_UNSUPPORTED, and what `start` throws
   */
  exec: <T>(command: string, doing: string, start: (channel: ClientChannel) => Promise<T>) => Promise<T>;
  /** A byte stream from the host to `destination` (direct-tcpip). @throws HOST_UNREACHABLE, SSH_LIMIT_REACHED, HOST_DISCONNECTED */
  openTunnel: (destination: ResolvedTarget) => Promise<Duplex>;
  /** Says goodbye, then cuts after a second. */
  close: () => void;
  /** Cuts at once; running commands see a lost connection. */
  destroy: () => void;
};

/** Wraps a logged-in ssh2 client; the only thing that the rest of this folder sees of it. */
export function wrapConnection(target: ResolvedTarget, client: Client, socket: Duplex): Connection {
  let open = true;
  const isOpen = () => open;
  const gone = Promise.withResolvers<void>();
  const markClosed = () => {
    open = false;
    gone.resolve();
  };
  client.on('close', markClosed);
  client.on('end', markClosed);
  const destroy = () => {
    markClosed();
    socket.destroy();
  };
  // A keepalive that timed out or garbage on the wire: the stream is of no use any more.
  client.on('error', destroy);
  const close = () => {
    open = false;
    client.end();
    const cut = setTimeout(destroy, GOODBYE_MS);
    void gone.promise.then(() => clearTimeout(cut));
  };
  const wire: Wire = { target, client, isOpen, markClosed };
  return { isOpen, closed: gone.promise, exec: execOver(wire), openTunnel: tunnelOver(wire), close, destroy };
}

type Wire = { target: ResolvedTarget; client: Client; isOpen: () => boolean; markClosed: () => void };
const lost = ({ target }: Wire, doing: string, cause: unknown) => new FirebreakError('HOST_DISCONNECTED', { host: target.hostName, doing }, { cause });

function execOver(wire: Wire): Connection['exec'] {
  const failure = (error: Error, doing: string) => {
    if (wire.isOpen()) return execFailure(wire.target, error);
    // ssh2's words when the channel never opened; the command goes out only after that. `Unable to exec`: it may have.
    if (error.message === 'No response from server') return new ConnectionGone(error.message, { cause: error });
    return lost(wire, doing, error);
  };
  return <T>(command: string, doing: string, start: (channel: ClientChannel) => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      try {
        wire.client.exec(command, (error, channel) => (error === undefined ? resolve(start(channel)) : reject(failure(error, doing))));
      } catch (error) {
        wire.markClosed();
        reject(new ConnectionGone('not connected', { cause: error }));
      }
    });
}

function tunnelOver(wire: Wire): Connection['openTunnel'] {
  return (destination) =>
    new Promise<Duplex>((resolve, reject) => {
      const doing = `opening a tunnel to ${destination.hostName}`;
      try {
        wire.client.forwardOut('127.0.0.1', 0, destination.address, destination.port, (error, channel) => {
          if (error === undefined) resolve(channel);
          else reject(wire.isOpen() ? tunnelFailure(wire.target, destination, error) : lost(wire, doing, error));
        });
      } catch (error) {
        wire.markClosed();
        reject(lost(wire, doing, error));
      }
    });
}

function execFailure(target: ResolvedTarget, error: Error): Error {
  const detail = errorDetail(error);
  if (/Channel open failure/.test(detail)) return new ChannelRefused(detail, { cause: error });
  return new FirebreakError('HOST_UNSUPPORTED', { host: target.hostName, reasons: ['its SSH server does not let this user run commands'] }, { cause: error });
}

/** Reasons of RFC 4254 section 5.1. */
function tunnelFailure(jump: ResolvedTarget, destination: ResolvedTarget, error: Error): FirebreakError {
  const reason: unknown = 'reason' in error ? error.reason : undefined;
  const said = errorDetail(error).replace(/^\(SSH\) Channel open failure: /, '');
  if (reason === 1) return unreachableHere(destination, `${jump.hostName} does not forward connections (AllowTcpForwarding): ${said}`, error);
  if (reason === 4) return new FirebreakError('SSH_LIMIT_REACHED', { host: jump.hostName, detail: said }, { cause: error });
  return unreachable(destination, `from ${jump.hostName}: ${said}`, error);
}
