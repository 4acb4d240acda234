import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UpdateSource } from '../../shared/contract/updates.ts';
import { FirebreakError } from '../../shared/errors.ts';

const SourceFile = UpdateSource.extend({ v: z.literal(1) });
const pathOf = (configDir: string): string => join(configDir, 'updates.json');

/**
 * Where this user asks for releases; null: nowhere, which is how it begins. Kept with the user's own things and in no workspace: whoever hands a workspace on must not decide by whose key
 * the next program is signed. A file that is not ours counts as off.
 */
export function readUpdateSource(configDir: string): UpdateSource | null {
  if (!existsSync(pathOf(configDir))) return null;
  try {
    const { url, publicKey } = SourceFile.parse(JSON.parse(readFileSync(pathOf(configDir), 'utf8')));
    return { url, publicKey };
  } catch {
    return null;
  }
}

/** Null turns it off. Idempotent. @throws FILE_NOT_WRITABLE */
export function writeUpdateSource(configDir: string, source: UpdateSource | null): void {
  const path = pathOf(configDir);
  try {
    if (source === null) {
      rmSync(path, { force: true });
      return;
    }
    const temporaryPath = `${path}.${process.pid}.new`;
    mkdirSync(configDir, { recursive: true, mode: 0o700 });
    writeFileSync(temporaryPath, `${JSON.stringify({ v: 1, ...source }, null, 2)}\n`);
    chmodSync(temporaryPath, 0o600);
    renameSync(temporaryPath, path);
  } catch (error) {
    throw new FirebreakError('FILE_NOT_WRITABLE', { path, detail: error instanceof Error ? error.message : 'no reason given' }, { cause: error });
  }
}
