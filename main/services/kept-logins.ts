import { createHash, createPrivateKey, type KeyObject, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type KeychainView, type KeptLogin, SecretKind } from '../../shared/contract/logins.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { SshTarget } from '../../shared/model/host.ts';
import type { HostRecord } from '../db/host-store.ts';
import { findSigningKeyPem } from '../db/signing-key-store.ts';
import type { BackendContext } from './backend-context.ts';
import { getHost } from './find-host.ts';
import { readHostRecords } from './host-records.ts';
import { type KeptEntry, readKeptEntries, writeKeptEntries } from './kept-logins-file.ts';
import { openKey } from './key-files.ts';
import { recordChange } from './record-change.ts';
import { signingKey } from './signing-key.ts';
import { publicKeyBlob } from './ssh-signature.ts';

/** What is encrypted: the secret, and all that it is for. An entry whose clear part was changed does not fit it any more, and is not used. */
const Sealed = z.strictObject({ v: z.literal(1), workspace: z.string(), kind: SecretKind, hostId: z.string().nullable(), subject: z.string(), login: z.string().nullable(), secret: z.string() });

const KIND_TEXT: Readonly<Record<SecretKind, string>> = { 'ssh-password': 'SSH password', 'sudo-password': 'sudo password', 'key-passphrase': 'passphrase' };

export async function viewKeychain(ctx: BackendContext): Promise<KeychainView> {
  const hosts = readHostRecords(ctx);
  const here = findMark(ctx);
  const kept = readKeptEntries(ctx.configDir).map((entry): KeptLogin => {
    const { id, kind, subject, login, keptAtMs } = entry;
    return { id, kind, subject, login, keptAtMs, isOfThisWorkspace: entry.workspace === here, problem: entry.workspace === here ? entryProblem(entry, hosts) : null };
  });
  return { whyNot: await ctx.keychain.whyNot(), kept: kept.toSorted((a, b) => b.keptAtMs - a.keptAtMs) };
}

/** Keeps what this session was given, in place of what was kept for the same before. @throws KEYCHAIN_MISSING · SECRET_NOT_GIVEN · NOT_FOUND · FILE_NOT_WRITABLE */
export async function keepLogin(ctx: BackendContext, kind: SecretKind, subject: string): Promise<KeychainView> {
  const why = await ctx.keychain.whyNot();
  if (why !== null) throw new FirebreakError('KEYCHAIN_MISSING', { why });
  const host = kind === 'key-passphrase' ? null : getHost(ctx, subject);
  const secret = givenSecret(ctx, kind, host, subject);
  if (secret === null) throw new FirebreakError('SECRET_NOT_GIVEN', { what: KIND_TEXT[kind], name: subject });
  const purpose = { workspace: markOf(signingKey(ctx)), kind, hostId: host?.id ?? null, subject, login: host?.ssh == null ? null : loginOf(host.ssh) };
  const ciphertext = await ctx.keychain.encrypt(JSON.stringify({ v: 1, ...purpose, secret }));
  const entry: KeptEntry = { ...purpose, id: randomBytes(8).toString('hex'), keptAtMs: ctx.nowMs(), ciphertext: ciphertext.toString('base64') };
  const others = readKeptEntries(ctx.configDir).filter((kept) => !isForTheSame(kept, entry));
  writeKeptEntries(ctx.configDir, [...others, entry]);
  recordChange(ctx, { action: 'logins.keep', subject, detail: `${KIND_TEXT[kind]} kept in this computer’s keychain`, groups: [] }, () => {});
  return viewKeychain(ctx);
}

/** @throws NOT_FOUND · FILE_NOT_WRITABLE */
export async function forgetLogin(ctx: BackendContext, id: string): Promise<KeychainView> {
  const kept = readKeptEntries(ctx.configDir);
  const entry = kept.find((each) => each.id === id);
  if (entry === undefined) throw new FirebreakError('NOT_FOUND', { what: 'kept login', name: id, known: kept.map((each) => each.id) });
  writeKeptEntries(ctx.configDir, kept.filter((each) => each.id !== id));
  // A workspace that another console writes has its log there.
  if (entry.workspace === findMark(ctx) && ctx.heldBy === null) recordChange(ctx, { action: 'logins.forget', subject: entry.subject, detail: `${KIND_TEXT[entry.kind]} no longer in this computer’s keychain`, groups: [] }, () => {});
  return viewKeychain(ctx);
}

/**
 * Gives this session what is kept for the workspace, where it still fits. What does not, or cannot be decrypted, is asked for as if it had not been kept.
 * The keychain is not touched when nothing is kept for it: some ask the person first.
 */
export async function giveKeptLogins(ctx: BackendContext): Promise<void> {
  const mark = findMark(ctx);
  const ours = readKeptEntries(ctx.configDir).filter((entry) => entry.workspace === mark && entryProblem(entry, readHostRecords(ctx)) === null);
  if (ours.length === 0 || (await ctx.keychain.whyNot()) !== null) return;
  for (const entry of ours) {
    await giveEntry(ctx, entry).catch((error: unknown) => {
      const code: string = error instanceof FirebreakError ? error.message : 'not decrypted';
      ctx.log.write('kept login not used', { kind: entry.kind, subject: entry.subject, code });
    });
  }
}

async function giveEntry(ctx: BackendContext, entry: KeptEntry): Promise<void> {
  const { text, renewed } = await ctx.keychain.decrypt(Buffer.from(entry.ciphertext, 'base64'));
  const { secret, v: _, ...purpose } = Sealed.parse(JSON.parse(text));
  const { workspace, kind, hostId, subject, login } = entry;
  if (JSON.stringify(purpose) !== JSON.stringify(Sealed.omit({ v: true, secret: true }).parse({ workspace, kind, hostId, subject, login }))) throw new Error('it was kept for something else');
  const host = readHostRecords(ctx).find(({ id }) => id === hostId);
  if (kind === 'key-passphrase') await openKey(ctx, subject, secret);
  else if (host !== undefined) ctx.secrets.set(host.id, { sshPassword: kind === 'ssh-password' ? secret : null, sudoPassword: kind === 'sudo-password' ? secret : null });
  if (renewed !== null) writeKeptEntries(ctx.configDir, readKeptEntries(ctx.configDir).map((each) => (each.id === entry.id ? { ...each, ciphertext: renewed.toString('base64') } : each)));
}

function givenSecret(ctx: BackendContext, kind: SecretKind, host: HostRecord | null, keyPath: string): string | null {
  if (host === null) return ctx.secrets.passphraseOf(keyPath);
  const { sshPassword, sudoPassword } = ctx.secrets.get(host.id);
  return kind === 'ssh-password' ? sshPassword : sudoPassword;
}

/** A password goes to the login that it was kept for, and to no other: a workspace file that somebody changed must not send it elsewhere. */
function entryProblem({ kind, hostId, subject, login }: KeptEntry, hosts: readonly HostRecord[]): string | null {
  if (kind === 'key-passphrase') return hosts.some(({ ssh }) => ssh?.identity.kind === 'key-file' && ssh.identity.keyPath === subject) ? null : 'no host logs in with this key file now';
  const host = hosts.find(({ id }) => id === hostId);
  if (host?.ssh == null) return 'its host is not in this workspace any more';
  const now = loginOf(host.ssh);
  return now === login ? null : `it was kept for ${login ?? ''}, and the host is ${now} now: give it again`;
}

const loginOf = ({ user, address, port }: SshTarget): string => `${user}@${address.includes(':') ? `[${address}]` : address}:${port}`;
const isForTheSame = (a: KeptEntry, b: KeptEntry): boolean => a.workspace === b.workspace && a.kind === b.kind && (a.hostId ?? a.subject) === (b.hostId ?? b.subject);
const markOf = (key: KeyObject): string => `SHA256:${createHash('sha256').update(publicKeyBlob(key)).digest('base64').replace(/=+$/, '')}`;

/** Null: the workspace has signed nothing yet, and nothing is kept for it. */
function findMark({ workspace }: BackendContext): string | null {
  const pem = findSigningKeyPem(workspace.read);
  return pem === null ? null : markOf(createPrivateKey(pem));
}
