import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { findSigningKeyPem, insertSigningKeyPem } from '../db/signing-key-store.ts';
import type { BackendContext } from './backend-context.ts';

/**
 * The workspace's Ed25519 key, made when it is first needed. It lies in the workspace file in clear (mode 0600): who can read the file can
 * sign for every host that trusts it. Two processes that make one at once end with the same.
 * @throws WORKSPACE_READ_ONLY · DISK_FULL when it has to be made
 */
export function signingKey(ctx: Pick<BackendContext, 'workspace'>): KeyObject {
  const known = findSigningKeyPem(ctx.workspace.read);
  if (known !== null) return createPrivateKey(known);
  const { privateKey } = generateKeyPairSync('ed25519');
  const made = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return createPrivateKey(ctx.workspace.transaction((tx) => insertSigningKeyPem(tx, made)));
}
