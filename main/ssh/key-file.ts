import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { ParsedKey } from 'ssh2';
import { errorDetail } from './inert-text.ts';
import { SshFields } from './ssh-fields.ts';

/** `locked`: it has a passphrase, and the right one was not given. */
export type KeyReading = { readonly kind: 'open'; readonly key: ParsedKey } | { readonly kind: 'locked' } | { readonly kind: 'unusable'; readonly detail: string; readonly cause?: unknown };

/** The key that a file's text stands for, where somebody gave its passphrase in this session. */
export type FindUnlocked = (text: Buffer) => ParsedKey | undefined;

/** Reads a private key: as it is, or as it was unlocked in this session. */
export async function readKeyFile(keyPath: string, findUnlocked: FindUnlocked): Promise<KeyReading> {
  const text = await readKeyText(keyPath);
  if (!Buffer.isBuffer(text)) return text;
  const unlocked = findUnlocked(text);
  return unlocked === undefined ? openWith(text, undefined) : { kind: 'open', key: unlocked };
}

export async function readKeyText(keyPath: string): Promise<Buffer | Extract<KeyReading, { kind: 'unusable' }>> {
  try {
    return await readFile(expandHome(keyPath));
  } catch (error) {
    return { kind: 'unusable', detail: fileProblem(error), cause: error };
  }
}

/** Paths are stored as they were written: `~/.ssh/id` is the home of whoever runs the console. */
export const expandHome = (path: string): string => (path.startsWith('~/') ? join(homedir(), path.slice(2)) : path);

/** Opens the text of a key file; with a wrong passphrase it stays `locked`. bcrypt makes that take up to a second, on purpose. */
export function openWith(text: Buffer, passphrase: string | undefined): KeyReading {
  const form = formProblem(text);
  if (form !== null) return { kind: 'unusable', detail: form };
  const plain = ssh2.utils.parseKey(text);
  if (!(plain instanceof Error)) return plain.isPrivateKey() ? { kind: 'open', key: plain } : { kind: 'unusable', detail: 'it is a public key; the private one has the same name without .pub' };
  if (!/encrypted/i.test(plain.message)) return unreadable(plain);
  if (passphrase === undefined) return { kind: 'locked' };
  const key = ssh2.utils.parseKey(text, passphrase);
  if (!(key instanceof Error)) return { kind: 'open', key };
  // All that a wrong passphrase leads to, up to what looks like damage; what ssh2 does not know is called so.
  return /^unsupported (openssh|key)/i.test(key.message) ? unreadable(key) : { kind: 'locked' };
}

const unreadable = (error: Error): KeyReading => ({ kind: 'unusable', detail: /unsupported key format/i.test(error.message) ? 'it is no private key that we know' : errorDetail(error), cause: error });

/** Forms that ssh2 1.17 does not read, or not with a passphrase, and how to come by one that it does. Null: none of these. */
function formProblem(text: Buffer): string | null {
  const start = text.toString('latin1', 0, 200).trimStart();
  if (/^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(start)) return 'it is in the form PKCS #8, which is not read here; “ssh-keygen -p -f FILE” writes it anew in OpenSSH’s';
  if (/^PuTTY-User-Key-File-3/.test(start)) return 'it is in PuTTY’s newer form; PuTTYgen exports it in OpenSSH’s (Conversions)';
  const { cipher, keyType } = readOpensshHead(text);
  if (/^sk-/.test(keyType)) return 'it belongs to a security key (FIDO), which only an ssh-agent can ask: load it with ssh-add and choose the agent';
  if (cipher.startsWith('chacha20-')) return `it is encrypted with ${cipher}, which is not read here; “ssh-keygen -p -Z aes256-ctr -f FILE” encrypts it otherwise`;
  return null;
}

/** What an OpenSSH private key says in clear (PROTOCOL.key): how it is encrypted, and of what kind it is. Empty for other forms. */
function readOpensshHead(text: Buffer): { cipher: string; keyType: string } {
  const base64 = /^-----BEGIN OPENSSH PRIVATE KEY-----\s([\s\S]+?)-----END/.exec(text.toString('latin1').trimStart())?.[1] ?? '';
  try {
    const fields = new SshFields(Buffer.from(base64, 'base64').subarray(MAGIC.length));
    const cipher = fields.text();
    fields.string();
    fields.string();
    return fields.uint32() === 0 ? { cipher, keyType: '' } : { cipher, keyType: new SshFields(fields.string()).text() };
  } catch (error) {
    if (error instanceof RangeError) return { cipher: '', keyType: '' };
    throw error;
  }
}

const MAGIC = 'openssh-key-v1\0';

function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EACCES') return 'this user may not read it';
  if (code === 'EISDIR') return 'it is a directory';
  return errorDetail(error);
}
