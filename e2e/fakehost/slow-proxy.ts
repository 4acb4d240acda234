import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../shared/seeded-random.ts';

/** `delayMs`: each way. `lossOf`: one piece in so many arrives `resendMs` later, as one that TCP has to send again; in order, as TCP gives it. */
export type SlowLine = { delayMs: number; lossOf: number; resendMs: number; seed: number };

/** A TCP proxy on 127.0.0.1 that is far away. For machines whose kernel has no netem. */
export async function startSlowProxy(upstreamPort: number, line: SlowLine): Promise<{ port: number; late: () => number; close: () => Promise<void> }> {
  const random = createRandom(line.seed);
  const sockets = new Set<Socket>();
  let late = 0;
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    // One after the other: timers that end in the same millisecond may fire in either order.
    let before = Promise.resolve();
    const later = (work: () => void) => {
      const isLost = random.below(line.lossOf) === 0;
      if (isLost) late += 1;
      const dueMs = performance.now() + line.delayMs + (isLost ? line.resendMs : 0);
      before = before.then(() => sleep(Math.max(0, dueMs - performance.now()))).then(work);
    };
    from.on('data', (chunk: Buffer) => later(() => to.write(chunk)));
    from.on('end', () => later(() => to.end()));
    from.on('error', () => to.destroy());
  };
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    const upstream = createConnection({ port: upstreamPort, host: '127.0.0.1', noDelay: true });
    pass(client, upstream);
    pass(upstream, client);
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
  return { port: address.port, late: () => late, close };
}
