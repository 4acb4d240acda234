import { createSshPool, type SshPool } from '../../main/ssh/ssh-pool.ts';

/** An emulated processor is this much slower than any that the product's own limits are for; what it can do in its time is proved, not how fast. */
const PATIENCE = 10;

export function createPatientPool(): SshPool {
  const pool = createSshPool({ maxConnections: 4, connectTimeoutMs: 150_000, keepaliveIntervalMs: 30_000 });
  return {
    run: (target, request, options) => pool.run(target, { ...request, timeoutMs: request.timeoutMs * PATIENCE }, options),
    showKey: (target, options) => pool.showKey(target, { ...options, timeoutMs: options.timeoutMs * PATIENCE }),
    close: () => pool.close(),
  };
}
