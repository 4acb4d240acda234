import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { type SendLimits, withinTime } from './within-time.ts';

type Found = { readonly address: string; readonly family: number };

/**
 * Sends each message as one datagram (https://www.rfc-editor.org/rfc/rfc5426): that it was given to the network is all that can be known. Throws where the name is not known or the
 * network refuses, and when asking for the name and giving takes too long. `find`: the machine's own way to names, which has no time limit.
 */
export async function sendDatagrams({ host, port }: { host: string; port: number }, messages: readonly string[], limits: SendLimits, find: (name: string) => Promise<Found> = lookup): Promise<void> {
  const { address, family } = await withinTime(limits, `nobody said which address ${host} has`, () => find(host));
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  try {
    await withinTime(limits, 'the network did not take everything', (givenUp) => sendAll(socket, { address, port }, messages, givenUp));
  } finally {
    socket.close();
  }
}

async function sendAll(socket: Socket, { address, port }: { address: string; port: number }, messages: readonly string[], givenUp: AbortSignal): Promise<void> {
  // Connected, so that a port on which nobody listens is heard of, where the network says so.
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.connect(port, address, resolve);
  });
  for (const message of messages) {
    // The socket is closed then, and would throw.
    if (givenUp.aborted) return;
    await new Promise<void>((resolve, reject) => {
      socket.send(message, (error) => (error === null ? resolve() : reject(error)));
    });
  }
}
