import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { FirebreakError } from '../../shared/errors.ts';
import { throwAsWorkspaceError } from './sqlite-errors.ts';

/**
 * Copies an open workspace into a new file (mode 0600) while it goes on being written; the copy has it as it was at one moment. Some pages at a time,
 * so that nothing waits for it. All or nothing, and never over an existing file. Gives the size of the copy in bytes.
 * @throws WORKSPACE_EXISTS · FILE_NOT_WRITABLE when the folder does not exist · WORKSPACE_READ_ONLY · DISK_FULL
 */
export async function copyWorkspace(connection: Database.Database, path: string): Promise<number> {
  if (existsSync(path)) throw new FirebreakError('WORKSPACE_EXISTS', { path });
  const folder = dirname(resolve(path));
  if (!existsSync(folder)) throw new FirebreakError('FILE_NOT_WRITABLE', { path, detail: `the folder ${folder} does not exist` });
  const temporaryPath = join(folder, `.${basename(path)}.${process.pid}.copy`);
  try {
    rmSync(temporaryPath, { force: true });
    closeSync(openSync(temporaryPath, 'wx', 0o600));
    await connection.backup(temporaryPath);
    makeOneFile(temporaryPath);
    syncPath(temporaryPath);
    linkSync(temporaryPath, path);
    syncPath(folder);
    return statSync(path).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw new FirebreakError('WORKSPACE_EXISTS', { path }, { cause: error });
    return throwAsWorkspaceError(error, path);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(temporaryPath + suffix, { force: true });
  }
}

/** Without write-ahead log: the copy is complete in one file, and can be read where nothing can be written. Opening it as a workspace turns the log on again. */
function makeOneFile(path: string): void {
  const copy = new Database(path);
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}

/**
 * Overwrites the content of `path`, an existing workspace, by that of `sourcePath`, in one transaction: whoever has the file open sees the old content or the new.
 * The file stays the same file (a rename would leave others writing into one that is gone).
 * @throws DISK_FULL · WORKSPACE_READ_ONLY · WORKSPACE_DAMAGED; the old content stays then
 */
export async function overwriteWorkspace(sourcePath: string, path: string): Promise<void> {
  let source: Database.Database | undefined;
  try {
    source = new Database(sourcePath, { readonly: true, fileMustExist: true });
    await source.backup(path);
  } catch (error) {
    throwAsWorkspaceError(error, path);
  } finally {
    source?.close();
  }
}

/** Rewrites the file without its free pages. Sizes in bytes, of the file and its log. @throws DISK_FULL (it needs as much again for a moment) */
export function compactWorkspace(connection: Database.Database, path: string): { bytesBefore: number; bytesAfter: number } {
  const bytesBefore = sizeOf(path);
  connection.exec('VACUUM');
  // The log holds the whole new content until it is written back; a reader elsewhere may keep it for a while.
  connection.pragma('wal_checkpoint(TRUNCATE)');
  return { bytesBefore, bytesAfter: sizeOf(path) };
}

/** The workspace as it lies on the disk, in bytes, its log included. */
export const sizeOf = (path: string): number => [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);

function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
