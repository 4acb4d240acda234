import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SendLimits } from './within-time.ts';

export type StreamEnd = { readonly host: string; readonly port: number };
/** `ca`: PEM of the authorities that are believed, null: those that come with Node. */
export type TlsTrust = { readonly ca: string | null };

/**
 * Sends the messages over one connection, each after its length (octet counting, https://www.rfc-editor.org/rfc/rfc6587#section-3.4.1; over TLS that is
 * https://www.rfc-editor.org/rfc/rfc5425), says that this was all, and waits until the receiver closes too: syslog acknowledges nothing, but a receiver that closes
 * after our end has read everything before it, and one that is killed with some of it unread resets the connection. `tls` null: without TLS.
 * Throws where anything else happens, and then any number of the messages may have arrived.
 */
export async function sendStream(end: StreamEnd, tls: TlsTrust | null, messages: readonly string[], { timeoutMs, signal }: SendLimits): Promise<void> {
  const frames = Buffer.concat(messages.map((message) => frame(message)));
  const socket = tls === null ? connectTcp({ host: end.host, port: end.port }) : openTls(end, tls);
  try {
    await exchange(socket, tls === null ? 'connect' : 'secureConnect', frames, { timeoutMs, signal });
  } finally {
    socket.destroy();
  }
}

/** Our own check of the certificate, whatever NODE_TLS_REJECT_UNAUTHORIZED says. */
const openTls = ({ host, port }: StreamEnd, { ca }: TlsTrust): Socket =>
  connectTls({ host, port, minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === null ? {} : { ca }) });

function frame(message: string): Buffer {
  const bytes = Buffer.from(message, 'utf8');
  return Buffer.concat([Buffer.from(`${bytes.length} `, 'ascii'), bytes]);
}

function exchange(socket: Socket, opened: 'connect' | 'secureConnect', frames: Buffer, { timeoutMs, signal }: SendLimits): Promise<void> {
  return new Promise((resolve, reject) => {
    let hasFinished = false;
    const stop = () => reject(new Error('sending was stopped'));
    const timer = setTimeout(() => reject(new Error(`the receiver did not take everything within ${timeoutMs / 1000} s`)), timeoutMs);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    socket.once('error', reject);
    socket.once(opened, () => socket.end(frames));
    socket.once('finish', () => {
      hasFinished = true;
    });
    // What a receiver may say is not read by us, but has to be taken for its end to be seen.
    socket.resume();
    socket.once('end', () => (hasFinished ? resolve() : reject(new Error('the receiver closed the connection before it had everything'))));
    socket.once('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      reject(new Error('the connection broke'));
    });
  });
}
