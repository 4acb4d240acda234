import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { publicKeyBlob, sshString } from './ssh-signature.ts';

const BLOCK_BYTES = 8;
const LINE_CHARS = 70;

/** An Ed25519 private key as ssh-keygen(1) reads it, without a passphrase (OpenSSH, PROTOCOL.key): of PKCS #8 only newer ones take Ed25519. Ends with a newline. */
export function printOpensshPrivateKey(key: KeyObject, comment: string): string {
  const { d } = z.object({ d: z.string() }).parse(key.export({ format: 'jwk' }));
  const { x } = z.object({ x: z.string() }).parse(createPublicKey(key).export({ format: 'jwk' }));
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, publicKeyBlob(key), sshString(Buffer.concat([seed, point])), sshString(comment)]);
  const padding = Buffer.from(Array.from({ length: (BLOCK_BYTES - (secret.length % BLOCK_BYTES)) % BLOCK_BYTES }, (_, i) => i + 1));
  const keys = Buffer.alloc(4);
  keys.writeUInt32BE(1);
  const whole = Buffer.concat([Buffer.from('openssh-key-v1\0'), sshString('none'), sshString('none'), sshString(''), keys, sshString(publicKeyBlob(key)), sshString(Buffer.concat([secret, padding]))]).toString('base64');
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...(whole.match(new RegExp(`.{1,${LINE_CHARS}}`, 'g')) ?? []), '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}
