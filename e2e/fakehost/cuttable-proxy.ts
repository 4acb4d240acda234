import type { Socket } from 'node:net';
import { startProxyServer } from './proxy-server.ts';

/** A TCP proxy on 127.0.0.1 that can go silent as a cut cable does: nothing passes, nothing is answered, nobody is told. */
export type CuttableProxy = { port: number; cut: () => void; close: () => Promise<void> };

/** `change`: what the proxy makes of each piece that comes from upstream. */
export async function startCuttableProxy(upstreamPort: number, change: (chunk: Buffer) => Buffer = (chunk) => chunk): Promise<CuttableProxy> {
  let isCut = false;
  const pass = (from: Socket, to: Socket, made: (chunk: Buffer) => Buffer) => {
    // Once cut, not even a goodbye is answered.
    from.on('data', (chunk: Buffer) => isCut || to.write(made(chunk)));
    from.on('end', () => isCut || to.end());
    from.on('error', () => isCut || to.destroy());
  };
  const { port, close } = await startProxyServer(upstreamPort, (client, upstream) => {
    pass(client, upstream, (chunk) => chunk);
    pass(upstream, client, change);
  });
  const cut = () => {
    isCut = true;
  };
  return { port, cut, close };
}
