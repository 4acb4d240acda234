import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { z } from 'zod';

/** What `ssh-keygen -Y verify -n` must be given. */
export type SignatureNamespace = 'firebreak-bundle' | 'firebreak-agent' | 'firebreak-evidence' | 'firebreak-collection' | 'firebreak-release';

export const KEY_TYPE = 'ssh-ed25519';
const HASH = 'sha512';
const LINE_CHARS = 70;

/** An SSH string: 4 bytes of length, big endian, and the bytes (RFC 4251, 5). */
export function sshString(bytes: string | Uint8Array): Buffer {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** The public key as SSH sends it (RFC 8709, 4). `key` is an Ed25519 private or public key. */
export function publicKeyBlob(key: KeyObject): Buffer {
  const { x } = z.object({ crv: z.literal('Ed25519'), x: z.string() }).parse((key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' }));
  return Buffer.concat([sshString(KEY_TYPE), sshString(Buffer.from(x, 'base64url'))]);
}

/** `ssh-ed25519 AAAA…`, without a comment. */
export function publicKeyLine(key: KeyObject): string {
  return `${KEY_TYPE} ${publicKeyBlob(key).toString('base64')}`;
}

/** An armored signature over `message` as `ssh-keygen -Y sign` makes it (OpenSSH, PROTOCOL.sshsig); ends with a newline. Ed25519 is deterministic, so equal input gives equal output. */
export function signSsh(key: KeyObject, namespace: SignatureNamespace, message: string): string {
  const about = [sshString(namespace), sshString(''), sshString(HASH)];
  const signed = Buffer.concat([Buffer.from('SSHSIG'), ...about, sshString(createHash(HASH).update(message).digest())]);
  const signature = Buffer.concat([sshString(KEY_TYPE), sshString(sign(null, signed, key))]);
  const version = Buffer.from([0, 0, 0, 1]);
  const blob = Buffer.concat([Buffer.from('SSHSIG'), version, sshString(publicKeyBlob(key)), ...about, sshString(signature)]).toString('base64');
  const lines = blob.match(new RegExp(`.{1,${LINE_CHARS}}`, 'g')) ?? [];
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----', ''].join('\n');
}
