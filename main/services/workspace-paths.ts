import { readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { FolderFiles, FolderView } from '../../shared/contract/workspaces.ts';
import { FirebreakError } from '../../shared/errors.ts';

/** Longer folders are cut; who has more types the name. */
const MAX_ENTRIES = 500;
const WORKSPACE_FILE = /\.(firebreak|backup)$/;

/** What a person typed, as an absolute path: `~/` is their own folder, and a bare name lies beside the open workspace. */
export function resolveTyped(typed: string, openPath: string): string {
  if (typed === '~' || typed.startsWith('~/')) return join(homedir(), typed.slice(1));
  return resolve(dirname(resolve(openPath)), typed);
}

/** `20261128-203015`, UTC: names that sort by time. */
export const stampOf = (nowMs: number): string => new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');

/** Folders and files of the kind in a folder; hidden ones are left out. @throws FILE_NOT_READABLE */
export function listFolder(path: string, files: FolderFiles): FolderView {
  const parent = dirname(path);
  try {
    const found = readdirSync(path, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith('.'))
      .flatMap((entry): FolderView['entries'] => {
        const full = join(path, entry.name);
        // A link counts as what it leads to; one that leads nowhere is left out.
        const file = statSync(full, { throwIfNoEntry: false });
        if (file === undefined) return [];
        const changedAtMs = Math.round(file.mtimeMs);
        if (file.isDirectory()) return [{ name: entry.name, path: full, kind: 'folder', bytes: null, changedAtMs }];
        return file.isFile() && (files === 'any' || WORKSPACE_FILE.test(entry.name)) ? [{ name: entry.name, path: full, kind: 'file', bytes: file.size, changedAtMs }] : [];
      })
      .toSorted((a, b) => (a.kind === b.kind ? (a.name < b.name ? -1 : 1) : a.kind === 'folder' ? -1 : 1));
    return { path, parent: parent === path ? null : parent, entries: found.slice(0, MAX_ENTRIES), more: Math.max(0, found.length - MAX_ENTRIES) };
  } catch (error) {
    throw new FirebreakError('FILE_NOT_READABLE', { path, detail: error instanceof Error ? error.message : 'no reason given' }, { cause: error });
  }
}
