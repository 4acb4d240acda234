import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';

/** A TCP server on 127.0.0.1 that hands each client out together with a connection of its own to `upstreamPort`; both half open. `close` ends all of them. */
export async function startProxyServer(upstreamPort: number, join: (client: Socket, upstream: Socket) => void): Promise<{ port: number; close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = createConnection({ port: upstreamPort, host: '127.0.0.1', noDelay: true });
    sockets.add(client).add(upstream);
    join(client, upstream);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return { port: address.port, close };
}
