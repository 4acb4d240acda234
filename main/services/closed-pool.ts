import type { FirebreakError } from '../../shared/errors.ts';
import type { SshPool } from '../ssh/ssh-pool.ts';

/** An SSH pool that connects to nothing, whoever asks: for the sample, and for a workspace that is only looked at. */
export function createClosedPool(reason: () => FirebreakError): SshPool {
  return {
    run: () => Promise.reject(reason()),
    showKey: () => Promise.reject(reason()),
    close: () => Promise.resolve(),
  };
}
