import { FirebreakError } from '../../shared/errors.ts';

const codeOf = (error: unknown): string | undefined => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined);

/** Whether another process kept the workspace for itself for longer than we wait; what was asked for was not done and can be asked again. */
export const isBusy = (error: unknown): boolean => codeOf(error)?.startsWith('SQLITE_BUSY') === true;

/**
 * Turns what SQLite and the file system say into our codes; anything else is rethrown as it is. Always throws.
 * Source: https://www.sqlite.org/rescode.html; better-sqlite3 puts the extended name into `code`.
 */
export function throwAsWorkspaceError(error: unknown, path: string): never {
  const code = codeOf(error);
  if (code === undefined || error instanceof FirebreakError) throw error;
  const detail = error instanceof Error ? error.message : code;
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') throw new FirebreakError('DISK_FULL', { path }, { cause: error });
  if (code === 'SQLITE_NOTADB') throw new FirebreakError('WORKSPACE_NOT_A_DATABASE', { path }, { cause: error });
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR')) throw new FirebreakError('WORKSPACE_DAMAGED', { path, detail }, { cause: error });
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN') || ['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    throw new FirebreakError('WORKSPACE_READ_ONLY', { path }, { cause: error });
  }
  throw error;
}
