import type { HostKey } from '../../shared/model/host.ts';

/**
 * What we offer, in order. GCM and CTR only: chacha20-poly1305 and the EtM MACs are what Terrapin (CVE-2023-48795) needs,
 * and Electron's BoringSSL throws when chacha20 is even listed. No SHA-1, no CBC, no DSA. OpenSSH 7.2 (2016) and later answer.
 */
const KEX = ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521', 'diffie-hellman-group-exchange-sha256', 'diffie-hellman-group14-sha256', 'diffie-hellman-group16-sha512', 'diffie-hellman-group18-sha512'] as const;
const CIPHERS = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'] as const;
const MACS = ['hmac-sha2-256', 'hmac-sha2-512'] as const;

/** Signature algorithm → the algorithm name inside the key (RFC 8332: one RSA key, several signatures). */
const HOST_KEYS = [
  { signature: 'ssh-ed25519', key: 'ssh-ed25519' },
  { signature: 'ecdsa-sha2-nistp256', key: 'ecdsa-sha2-nistp256' },
  { signature: 'ecdsa-sha2-nistp384', key: 'ecdsa-sha2-nistp384' },
  { signature: 'ecdsa-sha2-nistp521', key: 'ecdsa-sha2-nistp521' },
  { signature: 'rsa-sha2-512', key: 'ssh-rsa' },
  { signature: 'rsa-sha2-256', key: 'ssh-rsa' },
] as const;

/** Kinds of keys that hosts can show us, in the order of preference. */
export const HOST_KEY_KINDS: readonly string[] = [...new Set(HOST_KEYS.map(({ key }) => key))];

/**
 * Kinds of key that are pinned come first, so that a host that gains a key of another kind still shows the pinned one
 * (as OpenSSH's client does).
 */
export function algorithmsFor(pinnedKeys: readonly HostKey[]) {
  const isPinned = (name: string) => pinnedKeys.some((key) => key.algorithm === name);
  const ordered = [...HOST_KEYS.filter((kind) => isPinned(kind.key)), ...HOST_KEYS.filter((kind) => !isPinned(kind.key))];
  return { kex: [...KEX], cipher: [...CIPHERS], hmac: [...MACS], compress: ['none' as const], serverHostKey: ordered.map((kind) => kind.signature) };
}
