import { afterEach, beforeEach, expect } from 'vitest';
import { createSshPool, type SshPool, type SshPoolOptions } from '../../main/ssh/ssh-pool.ts';
import { startFakeSshd, type FakeSshd, type SshdScript } from './fake-sshd.ts';

/** What a test of the ssh ring works with; everything that it starts ends with the test. */
export type SshBench = {
  pool: SshPool;
  sshd: (script?: SshdScript, port?: number) => Promise<FakeSshd>;
  /** A pool besides the usual one. */
  makePool: (options: Partial<SshPoolOptions>) => SshPool;
  /** Runs when the test has ended, last registered first. */
  after: (work: () => void | Promise<void>) => void;
};

/** In an expected value: any text that matches. */
export const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);

export function makeSshBench(): SshBench {
  const cleanups: (() => void | Promise<void>)[] = [];
  const after = (work: () => void | Promise<void>) => void cleanups.push(work);
  const makePool = (options: Partial<SshPoolOptions>) => {
    const pool = createSshPool({ maxConnections: 8, ...options });
    after(() => pool.close());
    return pool;
  };
  const sshd = async (script: SshdScript = {}, port = 0) => {
    const server = await startFakeSshd(script, port);
    after(() => server.close());
    return server;
  };
  const bench: SshBench = { pool: createSshPool({ maxConnections: 1 }), sshd, makePool, after };
  beforeEach(() => {
    bench.pool = makePool({});
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  return bench;
}
