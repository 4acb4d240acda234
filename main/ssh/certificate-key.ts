import { sign } from 'node:crypto';
import type { ParsedKey } from 'ssh2';
import { mpintField, stringField } from './ssh-fields.ts';
import type { UserCertificate } from './user-certificate.ts';

/** Hash and name of the signature, by the type of the key. RSA signs with SHA-512 (RFC 8332): the older name means SHA-1. */
const SIGNATURES: Readonly<Record<string, { readonly name: string; readonly hash: string | null }>> = {
  'ssh-ed25519': { name: 'ssh-ed25519', hash: null },
  'ssh-rsa': { name: 'rsa-sha2-512', hash: 'sha512' },
  'ecdsa-sha2-nistp256': { name: 'ecdsa-sha2-nistp256', hash: 'sha256' },
  'ecdsa-sha2-nistp384': { name: 'ecdsa-sha2-nistp384', hash: 'sha384' },
  'ecdsa-sha2-nistp521': { name: 'ecdsa-sha2-nistp521', hash: 'sha512' },
};
const made = new WeakSet<object>();

/**
 * A key whose public half is a certificate, as ssh2 takes one. ssh2 1.17 reads no certificate, and knows its own keys by a private mark, which an
 * object that inherits from one has too. Its type is what RFC 4252 section 7 calls the algorithm: the certificate’s, with RSA’s hash.
 */
export function makeCertificateKey(key: ParsedKey, { keyType, blob }: UserCertificate): ParsedKey {
  const inherited: ParsedKey = Object.create(key) as ParsedKey;
  const certified: ParsedKey = Object.defineProperties(inherited, {
    type: { value: `${SIGNATURES[keyType]?.name ?? keyType}-cert-v01@openssh.com` },
    getPublicSSH: { value: () => blob },
  });
  made.add(certified);
  return certified;
}

export const isCertificateKey = (key: unknown): boolean => typeof key === 'object' && key !== null && made.has(key);

/** Signs with a private key. Gives the whole of an SSH signature: the name of its algorithm, then what that says (RFC 4253 section 6.6, RFC 5656 section 3.1.2). */
export function signAsSsh(key: ParsedKey, keyType: string, data: Buffer): Buffer {
  const { name, hash } = SIGNATURES[keyType] ?? { name: keyType, hash: null };
  if (!keyType.startsWith('ecdsa-')) return Buffer.concat([stringField(name), stringField(sign(hash, data, key.getPrivatePEM()))]);
  const both = sign(hash, data, { key: key.getPrivatePEM(), dsaEncoding: 'ieee-p1363' });
  const half = both.length / 2;
  return Buffer.concat([stringField(name), stringField(Buffer.concat([mpintField(both.subarray(0, half)), mpintField(both.subarray(half))]))]);
}
