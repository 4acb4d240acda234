import { createHash, createPublicKey, verify } from 'node:crypto';
import { KEY_TYPE, type SignatureNamespace, sshString } from './ssh-signature.ts';

const MAGIC = Buffer.from('SSHSIG');
const KEY_LENGTH = 32;
const SIGNATURE_LENGTH = 64;

/** Whether `armored` (OpenSSH, PROTOCOL.sshsig, Ed25519 and SHA-512) is this key's signature over the bytes, for this purpose. `keyLine` is `ssh-ed25519 AAAA…`, a comment may follow. What cannot be read is no signature. */
export function isSignedBy(keyLine: string, namespace: SignatureNamespace, message: Uint8Array, armored: string): boolean {
  const blob = readArmor(armored);
  const key = readKeyLine(keyLine);
  if (blob === null || key === null || !blob.subarray(0, MAGIC.length).equals(MAGIC) || blob.length < MAGIC.length + 4 || blob.readUInt32BE(MAGIC.length) !== 1) return false;
  const fields = readStrings(blob.subarray(MAGIC.length + 4), 5);
  const [signer, purpose, reserved, hash, signature] = fields ?? [];
  if (signer === undefined || purpose === undefined || reserved === undefined || hash === undefined || signature === undefined) return false;
  if (!signer.equals(key.blob) || purpose.toString() !== namespace || reserved.length !== 0 || hash.toString() !== 'sha512') return false;
  const [type, raw] = readStrings(signature, 2) ?? [];
  if (type?.toString() !== KEY_TYPE || raw === undefined) return false;
  const signed = Buffer.concat([MAGIC, ...[purpose, reserved, hash, createHash('sha512').update(message).digest()].map(sshString)]);
  return verify(null, signed, key.publicKey, raw);
}

/** The same for the 64 bytes that `openssl pkeyutl -sign -rawin` makes, which say nothing of their purpose. */
export function isRawSignedBy(keyLine: string, message: Uint8Array, signature: Uint8Array): boolean {
  const key = readKeyLine(keyLine);
  return key !== null && signature.length === SIGNATURE_LENGTH && verify(null, message, key.publicKey, signature);
}

/** As `ssh-keygen -l` shows it: `SHA256:…`; null for what is no Ed25519 key. */
export function fingerprintOf(keyLine: string): string | null {
  const key = readKeyLine(keyLine);
  return key === null ? null : `SHA256:${createHash('sha256').update(key.blob).digest('base64').replace(/=+$/, '')}`;
}

function readKeyLine(line: string) {
  const [type, base64] = line.trim().split(/\s+/);
  if (type !== KEY_TYPE || base64 === undefined) return null;
  const blob = Buffer.from(base64, 'base64');
  const [name, raw] = readStrings(blob, 2) ?? [];
  if (name?.toString() !== KEY_TYPE || raw?.length !== KEY_LENGTH) return null;
  return { blob, publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' }) };
}

function readArmor(armored: string): Buffer | null {
  const body = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\n?$/.exec(armored)?.[1];
  return body === undefined ? null : Buffer.from(body.replaceAll('\n', ''), 'base64');
}

/** Exactly so many SSH strings (RFC 4251, 5), with nothing behind them; null otherwise. */
function readStrings(bytes: Buffer, strings: number): Buffer[] | null {
  const read: Buffer[] = [];
  let at = 0;
  while (read.length < strings) {
    if (at + 4 > bytes.length) return null;
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) return null;
    read.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return at === bytes.length ? read : null;
}
