import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';

/** A TCP proxy on 127.0.0.1 that can go silent as a cut cable does: nothing passes, nothing is answered, nobody is told. */
export type CuttableProxy = { port: number; cut: () => void; close: () => Promise<void> };

/** `change`: what the proxy makes of each piece that comes from upstream. */
export async function startCuttableProxy(upstreamPort: number, change: (chunk: Buffer) => Buffer = (chunk) => chunk): Promise<CuttableProxy> {
  let isCut = false;
  const sockets = new Set<Socket>();
  // Half open: once cut, not even a client's goodbye is answered.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const upstream = createConnection({ port: upstreamPort, host: '127.0.0.1', noDelay: true });
    pass(client, upstream, (chunk) => chunk);
    pass(upstream, client, change);
  });
  const pass = (from: Socket, to: Socket, made: (chunk: Buffer) => Buffer) => {
    sockets.add(from);
    from.on('data', (chunk: Buffer) => isCut || to.write(made(chunk)));
    from.on('end', () => isCut || to.end());
    from.on('error', () => isCut || to.destroy());
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  const close = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const cut = () => {
    isCut = true;
  };
  return { port: address.port, cut, close };
}
