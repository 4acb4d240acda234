import { z } from 'zod';
import { call, done, none } from './contract-call.ts';

/** A private key file that hosts of this workspace log in with. `locked`: it has a passphrase that was not given in this session. */
export const KeyFileView = z.strictObject({
  keyPath: z.string(),
  /** Names, in order; never empty. */
  hosts: z.array(z.string()),
  state: z.enum(['open', 'locked', 'unusable']),
  /** Why it is unusable, else null. */
  detail: z.string().nullable(),
});
export type KeyFileView = z.infer<typeof KeyFileView>;

export const SecretKind = z.enum(['ssh-password', 'sudo-password', 'key-passphrase']);
export type SecretKind = z.infer<typeof SecretKind>;

/** One that this computer's keychain keeps encrypted, for this workspace or another of this user's. */
export const KeptLogin = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  kind: SecretKind,
  /** The host's name when it was kept, or the path of the key file. */
  subject: z.string(),
  /** What it was kept for: `USER@ADDRESS:PORT`; null for a key file. */
  login: z.string().nullable(),
  isOfThisWorkspace: z.boolean(),
  keptAtMs: z.number().int(),
  /** Why it is not used, else null. */
  problem: z.string().nullable(),
});
export type KeptLogin = z.infer<typeof KeptLogin>;

/** `whyNot`: why this console can keep nothing; null: it can. Newest first. */
export const KeychainView = z.strictObject({ whyNot: z.string().nullable(), kept: z.array(KeptLogin) });
export type KeychainView = z.infer<typeof KeychainView>;

/** What the console logs in with, beyond what is said of a host. Secrets go in and never out. */
export const loginsContract = {
  /** Looks at the key files on this machine; contacts nobody. By path. */
  keys: call.input(none).output(z.array(KeyFileView)),
  /** Opens a key file for this session; contacts nobody. NOT_FOUND for a file that no host here uses · SSH_PASSPHRASE_WRONG · FILE_NOT_READABLE */
  unlockKey: call.input(z.strictObject({ keyPath: z.string().min(1), passphrase: z.string().min(1).max(1024) })).output(done),
  keychain: call.input(none).output(KeychainView),
  /** Keeps what was given in this session for a host (its name), or a key file (its path). KEYCHAIN_MISSING · SECRET_NOT_GIVEN · FILE_NOT_WRITABLE */
  keep: call.input(z.strictObject({ kind: SecretKind, subject: z.string().min(1) })).output(KeychainView),
  /** This session goes on with what it has. */
  forget: call.input(z.strictObject({ id: KeptLogin.shape.id })).output(KeychainView),
};
