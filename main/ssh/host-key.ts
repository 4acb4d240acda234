import { createHash } from 'node:crypto';
import { FirebreakError } from '../../shared/errors.ts';
import type { HostKey } from '../../shared/model/host.ts';
import type { ResolvedTarget } from './ssh-target.ts';

const ALGORITHM_NAME = /^[a-z0-9@.-]{1,64}$/;

/** Reads the public key that a server presented (RFC 4253 section 6.6: a length-prefixed algorithm name, then the key). */
export function readHostKey(blob: Buffer): HostKey {
  const nameLength = blob.length < 4 ? 0 : blob.readUInt32BE(0);
  const name = blob.subarray(4, 4 + Math.min(nameLength, 64)).toString('latin1');
  return {
    algorithm: ALGORITHM_NAME.test(name) ? name : 'unknown',
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
  };
}

/**
 * Decides before any authentication whether `presented` is the host that we know. Returns when it is; throws
 * HOST_KEY_CHANGED when another key is pinned, HOST_KEY_UNKNOWN when none is. With accept-new the key is stored first.
 */
export function verifyHostKey(target: ResolvedTarget, presented: HostKey): void {
  const { hostName, pinnedKeys, onNewKey } = target;
  if (pinnedKeys.some((key) => key.fingerprint === presented.fingerprint)) return;
  if (pinnedKeys.length > 0) {
    const text = (key: HostKey) => `${key.algorithm} ${key.fingerprint}`;
    throw new FirebreakError('HOST_KEY_CHANGED', { host: hostName, pinned: pinnedKeys.map(text).join(', '), presented: text(presented) });
  }
  if (onNewKey === undefined) throw new FirebreakError('HOST_KEY_UNKNOWN', { host: hostName, ...presented });
  onNewKey(presented);
}
