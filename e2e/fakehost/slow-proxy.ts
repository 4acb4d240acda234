import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../shared/seeded-random.ts';
import { startProxyServer } from './proxy-server.ts';

/** `delayMs`: each way. `lossOf`: one piece in so many arrives `resendMs` later, as one that TCP has to send again; in order, as TCP gives it. */
export type SlowLine = { delayMs: number; lossOf: number; resendMs: number; seed: number };

/** A TCP proxy on 127.0.0.1 that is far away. For machines whose kernel has no netem. */
export async function startSlowProxy(upstreamPort: number, line: SlowLine): Promise<{ port: number; late: () => number; close: () => Promise<void> }> {
  const random = createRandom(line.seed);
  let late = 0;
  const pass = (from: Socket, to: Socket) => {
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
  const { port, close } = await startProxyServer(upstreamPort, (client, upstream) => {
    pass(client, upstream);
    pass(upstream, client);
  });
  return { port, late: () => late, close };
}
