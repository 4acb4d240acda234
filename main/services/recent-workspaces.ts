import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sizeOf } from '../db/copy-workspace.ts';
import type { RecentWorkspace } from '../../shared/contract/workspaces.ts';

const MAX_KEPT = 12;
const RecentFile = z.object({ v: z.literal(1), workspaces: z.array(z.object({ path: z.string().min(1), openedAtMs: z.number() })) });
type Entries = z.infer<typeof RecentFile>['workspaces'];

const fileOf = (configDir: string): string => join(configDir, 'recent.json');

/** What windows had open, newest first; those that are gone are told apart, not left out. The list is the user's, in the configuration folder, and in no workspace. */
export function listRecentWorkspaces(configDir: string): RecentWorkspace[] {
  return readEntries(configDir).map(({ path, openedAtMs }) => {
    const file = statSync(path, { throwIfNoEntry: false });
    return { path, openedAtMs, bytes: file === undefined ? null : sizeOf(path), changedAtMs: file === undefined ? null : Math.round(file.mtimeMs) };
  });
}

/** Puts it first. @throws what the file system says, when the folder cannot be written */
export function rememberWorkspace(configDir: string, path: string, nowMs: number): void {
  writeEntries(configDir, [{ path, openedAtMs: nowMs }, ...readEntries(configDir).filter((entry) => entry.path !== path)].slice(0, MAX_KEPT));
}

/** Takes it off the list; the workspace stays. Idempotent. */
export function forgetWorkspace(configDir: string, path: string): void {
  writeEntries(configDir, readEntries(configDir).filter((entry) => entry.path !== path));
}

/** A list that is not ours or half written counts as empty: it is a convenience, and the next opening writes it anew. */
function readEntries(configDir: string): Entries {
  if (!existsSync(fileOf(configDir))) return [];
  try {
    return RecentFile.parse(JSON.parse(readFileSync(fileOf(configDir), 'utf8'))).workspaces;
  } catch {
    return [];
  }
}

function writeEntries(configDir: string, workspaces: Entries): void {
  mkdirSync(configDir, { recursive: true, mode: 0o700 });
  const temporaryPath = `${fileOf(configDir)}.${process.pid}.new`;
  writeFileSync(temporaryPath, `${JSON.stringify({ v: 1, workspaces }, null, 2)}\n`);
  chmodSync(temporaryPath, 0o600);
  renameSync(temporaryPath, fileOf(configDir));
}
