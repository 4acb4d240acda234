import type { HostKey } from '../../../shared/model/host.ts';

/** The names of a line: patterns with commas, or a salt and the hash of one name (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export type KeyNames = { readonly kind: 'patterns'; readonly list: string } | { readonly kind: 'hashed'; readonly salt: Buffer; readonly hash: Buffer };
/** One key of a list. `algorithm` null: only a fingerprint is there, without its kind; `publicKey` (base64) null: only a fingerprint is. `isKnownHosts`: names are written as ssh writes them, `[HOST]:PORT` where the port is another than 22. */
export type KeyEntry = { readonly line: number; readonly names: KeyNames; readonly isRevoked: boolean; readonly isKnownHosts: boolean; readonly algorithm: string | null; readonly fingerprint: string; readonly publicKey: string | null };
export type RefusedLine = { readonly line: number; readonly reason: string };
/** `lines` without comments and empty ones; each of them is an entry or refused. */
export type KeyList = { readonly lines: number; readonly entries: readonly KeyEntry[]; readonly refused: readonly RefusedLine[] };

type ReadKey = (blob: Buffer) => HostKey;
type Read = KeyEntry | string;

const SALT_BYTES = 20;
const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;
/** Every key of SSH begins with the length of the name of its kind, which is less than 2^16. */
const WHOLE_KEY = /^AAAA[A-Za-z0-9+/]{20}/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const MAX_KEY_CHARS = 12_000;
/** As ssh-keygen -l names kinds of keys. */
const KINDS: Readonly<Record<string, string | null>> = { ED25519: 'ssh-ed25519', RSA: 'ssh-rsa', ECDSA: null, 'ECDSA-256': 'ecdsa-sha2-nistp256', 'ECDSA-384': 'ecdsa-sha2-nistp384', 'ECDSA-521': 'ecdsa-sha2-nistp521' };

/**
 * Keys of hosts as known_hosts has them, and as `NAME SHA256:…`, one a line; `ssh-keyscan` prints the first, `ssh-keygen -lf known_hosts` the second. A line that cannot be read is refused with why;
 * none is guessed at. `readKey` reads the inside of a key. Pure.
 */
export function parseKeyList(text: string, readKey: ReadKey): KeyList {
  const [entries, refused]: [KeyEntry[], RefusedLine[]] = [[], []];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/^\ufeff/, '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const read = readLine(line, index + 1, readKey);
    if (typeof read === 'string') refused.push({ line: index + 1, reason: read });
    else entries.push(read);
  }
  return { lines: entries.length + refused.length, entries, refused };
}

function readLine(text: string, line: number, readKey: ReadKey): Read {
  const words = text.split(/\s+/);
  const marker = words[0]?.startsWith('@') === true ? words[0] : null;
  if (marker === '@cert-authority') return 'it names an authority that signs host keys; Firebreak pins the keys of hosts themselves: list those';
  if (marker !== null && marker !== '@revoked') return `“${marker}” is no marker that known_hosts has`;
  if (marker === null && !words.some((word) => WHOLE_KEY.test(word)) && /(^|[\s,;])(SHA256:|MD5:|([0-9a-f]{2}:){15}[0-9a-f]{2}\b)/.test(text)) return readFingerprint(text, line);
  return readKnownHost(marker === null ? words : words.slice(1), { line, isRevoked: marker !== null }, readKey);
}

/** `NAME SHA256:…`, perhaps with the kind of key before or behind it, or `256 SHA256:… NAMES (ED25519)`. */
function readFingerprint(text: string, line: number): Read {
  const isPrinted = /^\d+\s+SHA256:/.test(text);
  const words = (isPrinted ? text.replace(/^\d+\s+/, '').split(/\s+/) : text.split(/[\s,;]+/)).filter((word) => word !== '');
  const fingerprint = words.find((word) => word.startsWith('SHA256:'))?.replace(/=+$/, '');
  if (fingerprint === undefined) return 'an MD5 fingerprint proves little; give the one that begins with SHA256: (ssh-keygen -lf)';
  if (!FINGERPRINT.test(fingerprint)) return `“${fingerprint.slice(0, 60)}” is no SHA256 fingerprint: it has 43 characters behind SHA256:`;
  const others = words.filter((word) => !word.startsWith('SHA256:'));
  const names = others.filter((word) => kindOf(word) === undefined);
  const [name] = names;
  if (name === undefined) return 'it names no host; write NAME SHA256:…';
  if (names.length > 1) return 'it has more than one word that could be the host’s name (ssh-keygen -l prints a comment in place of it); write NAME SHA256:…';
  const algorithm = others.map(kindOf).find((kind) => kind !== undefined) ?? null;
  return { line, names: { kind: 'patterns', list: name }, isRevoked: false, isKnownHosts: false, algorithm, fingerprint, publicKey: null };
}

/** Undefined: not the name of a kind; null: one of several. */
function kindOf(word: string): string | null | undefined {
  if (/^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521))$/.test(word)) return word;
  const bare = word.replaceAll(/[()]/g, '').toUpperCase();
  return Object.hasOwn(KINDS, bare) ? KINDS[bare] : undefined;
}

function readKnownHost([names = '', kind = '', key = '']: readonly string[], mark: { line: number; isRevoked: boolean }, readKey: ReadKey): Read {
  if (/^\d+$/.test(kind) && /^\d+$/.test(key)) return 'it is a key of SSH protocol 1, which no server speaks any more';
  if (key === '') return 'it is neither HOST KIND KEY, as known_hosts has it, nor NAME SHA256:…';
  if (!BASE64.test(key) || key.length > MAX_KEY_CHARS) return 'its key is no base64 text';
  const blob = Buffer.from(key, 'base64');
  const { algorithm, fingerprint } = readKey(blob);
  if (algorithm !== kind) return `it says ${kind.slice(0, 60)}, and its key says ${algorithm === 'unknown' ? 'nothing that can be read' : algorithm}`;
  const read = names.startsWith('|') ? readHashed(names) : { kind: 'patterns' as const, list: names };
  if (read === null) return 'its name is hashed in a way that OpenSSH does not know';
  return { ...mark, names: read, isKnownHosts: true, algorithm, fingerprint, publicKey: blob.toString('base64') };
}

/** `|1|SALT|HASH`, both base64 of 20 bytes (hostfile.c). */
function readHashed(text: string): KeyNames | null {
  const [, salt = '', hash = ''] = /^\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const read = { kind: 'hashed' as const, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
  return read.salt.length === SALT_BYTES && read.hash.length === SALT_BYTES ? read : null;
}
