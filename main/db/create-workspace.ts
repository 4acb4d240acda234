import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { FirebreakError } from '../../shared/errors.ts';
import { migrate } from './migrate.ts';
import { APPLICATION_ID, configure } from './open-workspace.ts';
import { throwAsWorkspaceError } from './sqlite-errors.ts';

/**
 * Makes an empty workspace file (mode 0600). All or nothing: made under another name, synced, then linked into place,
 * and a link, unlike a rename, never replaces a file that somebody else made meanwhile.
 * @throws WORKSPACE_EXISTS · FILE_NOT_WRITABLE when the folder does not exist · WORKSPACE_READ_ONLY · DISK_FULL
 */
export function createWorkspace(path: string): void {
  if (existsSync(path)) throw new FirebreakError('WORKSPACE_EXISTS', { path });
  const folder = dirname(resolve(path));
  if (!existsSync(folder)) throw new FirebreakError('FILE_NOT_WRITABLE', { path, detail: `the folder ${folder} does not exist` });
  const temporaryPath = join(folder, `.${basename(path)}.${process.pid}.new`);
  try {
    writeEmptyWorkspace(temporaryPath);
    linkSync(temporaryPath, path);
    syncPath(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw new FirebreakError('WORKSPACE_EXISTS', { path }, { cause: error });
    throwAsWorkspaceError(error, path);
  } finally {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(temporaryPath + suffix, { force: true });
  }
}

function writeEmptyWorkspace(path: string): void {
  rmSync(path, { force: true });
  closeSync(openSync(path, 'wx', 0o600));
  const connection = new Database(path);
  try {
    connection.pragma(`application_id = ${APPLICATION_ID}`);
    configure(connection);
    migrate(connection, path);
  } finally {
    connection.close();
  }
  syncPath(path);
}

function syncPath(path: string): void {
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
