import { FirebreakError } from '../../shared/errors.ts';

const codeOf = (error: unknown): string | undefined => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined);

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
