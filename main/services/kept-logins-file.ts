import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { KeptLogin } from '../../shared/contract/logins.ts';
import { FirebreakError } from '../../shared/errors.ts';

/** What of a kept login lies in the file: what it is for, in clear, and the secret, encrypted together with what it is for. */
export const KeptEntry = KeptLogin.pick({ id: true, kind: true, subject: true, login: true, keptAtMs: true }).extend({
  /** The fingerprint of the workspace's signing key: a file that somebody else made cannot have it. */
  workspace: z.string(),
  /** Null for a key file. */
  hostId: z.string().nullable(),
  ciphertext: z.base64(),
});
export type KeptEntry = z.infer<typeof KeptEntry>;
const KeptFile = z.strictObject({ v: z.literal(1), kept: z.array(KeptEntry) });

const pathOf = (configDir: string): string => join(configDir, 'logins.json');

/** The user's, beside the other settings, in no workspace. A file that is not ours counts as empty: the secrets are asked for then. */
export function readKeptEntries(configDir: string): KeptEntry[] {
  if (!existsSync(pathOf(configDir))) return [];
  try {
    return KeptFile.parse(JSON.parse(readFileSync(pathOf(configDir), 'utf8'))).kept;
  } catch {
    return [];
  }
}

/** Mode 0600 from its first byte. @throws FILE_NOT_WRITABLE */
export function writeKeptEntries(configDir: string, kept: readonly KeptEntry[]): void {
  const path = pathOf(configDir);
  const temporaryPath = `${path}.${process.pid}.new`;
  try {
    mkdirSync(configDir, { recursive: true, mode: 0o700 });
    writeFileSync(temporaryPath, `${JSON.stringify({ v: 1, kept }, null, 2)}\n`, { mode: 0o600 });
    // The mode counts only for a file that was not there.
    chmodSync(temporaryPath, 0o600);
    renameSync(temporaryPath, path);
  } catch (error) {
    throw new FirebreakError('FILE_NOT_WRITABLE', { path, detail: error instanceof Error ? error.message : 'no reason given' }, { cause: error });
  }
}
