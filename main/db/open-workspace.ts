import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { FirebreakError } from '../../shared/errors.ts';
import { compactWorkspace, copyWorkspace } from './copy-workspace.ts';
import { MIGRATIONS, migrate, newestVersion, readUserVersion } from './migrate.ts';
import type { Migration } from './migration.ts';
import { createSql, type ReadDb, type WriteDb } from './sql.ts';
import { throwAsWorkspaceError } from './sqlite-errors.ts';

/** 'FBRK' in ASCII: our own SQLite application id, so that a foreign database is never opened as a workspace. */
export const APPLICATION_ID = 0x4642524b;

const TotalChanges = z.object({ n: z.number() });

/** Files up to this size are checked page by page when opened (about 0.1 s); larger ones when SQLite meets a bad page. */
const QUICK_CHECK_LIMIT_BYTES = 16 * 1024 * 1024;

/** The file keeps what a snapshot reads until it is closed: read from it and close it. */
export type Snapshot = { readonly read: ReadDb; close(): void };

/** What is written beside everything else, and read by nothing that is kept until something is written: places on the map, and the figures of a day. */
export type WrittenAside = 'places' | 'kpi-days';

/** One open workspace file. Not shared between threads; several processes may have the same file open. */
export type Workspace = {
  readonly path: string;
  readonly read: ReadDb;
  /** Everything as it is at this moment, however long it is read from and whatever is written meanwhile; on a connection of its own, which the caller closes. */
  snapshot(): Snapshot;
  /** One BEGIN IMMEDIATE … COMMIT; a throw rolls back. Not async: nothing else runs in between. Must not be nested. `writes`: it writes nothing else. */
  transaction<T>(work: (tx: WriteDb) => T, writes?: WrittenAside): T;
  /** Changes whenever another connection wrote (PRAGMA data_version). */
  dataVersion(): number;
  /** See copyWorkspace; needs no lock, and others may write meanwhile. */
  copyTo(path: string): Promise<number>;
  /** See compactWorkspace. Must not be called in a transaction. */
  compact(): { bytesBefore: number; bytesAfter: number };
  /** Another text whenever anything that `read` gives, but for what was written aside here, may be different, whoever wrote it; costs microseconds. */
  changeStamp(): string;
  /** Aborts when `close` is called: who reads from a snapshot lets go of it. */
  readonly closing: AbortSignal;
  /** Closes the file once the last snapshot is closed, so that nothing is left beside it; at once where there is none. */
  close(): void;
  /** Resolves when the file is closed. */
  readonly closed: Promise<void>;
};

/**
 * Opens an existing workspace for reading and writing, bringing an older format up to date (a `.backup` copy lies beside it then).
 * @throws WORKSPACE_NOT_FOUND · WORKSPACE_NOT_A_DATABASE · WORKSPACE_FROM_NEWER_VERSION · WORKSPACE_READ_ONLY · WORKSPACE_DAMAGED · DISK_FULL; the file is unchanged in all of them
 */
export function openWorkspace(path: string, migrations: readonly Migration[] = MIGRATIONS): Workspace {
  const convert = (error: unknown): never => throwAsWorkspaceError(error, path);
  let connection: Database.Database | undefined;
  try {
    assertLooksLikeSqlite(path);
    accessSync(path, constants.R_OK | constants.W_OK);
    accessSync(dirname(path), constants.W_OK);
    connection = new Database(path, { fileMustExist: true, timeout: 5000 });
    assertOurs(connection, path, migrations);
    configure(connection);
    backUpBeforeMigrating(connection, path, migrations);
    migrate(connection, path, migrations);
    return workspaceOf(connection, path);
  } catch (error) {
    connection?.close();
    return convert(error);
  }
}

/** Per connection: durable commits (a power cut loses no acknowledged write), enforced references, no functions called from the schema. */
export function configure(connection: Database.Database): void {
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  connection.pragma('trusted_schema = OFF');
}

function workspaceOf(connection: Database.Database, path: string): Workspace {
  const sql = createSql(connection, (error) => throwAsWorkspaceError(error, path));
  const dataVersion = () => Number(connection.pragma('data_version', { simple: true }));
  // What a transaction wrote can be read within it and is gone after its rollback, which total_changes (https://www.sqlite.org/lang_corefunc.html) does not count.
  let rolledBack = 0;
  const totalChanges = () => TotalChanges.parse(sql.one('SELECT total_changes() AS n')).n;
  let changedAside = 0;
  const closing = new AbortController();
  const closed = Promise.withResolvers<void>();
  let snapshots = 0;
  const closeWhenUnread = () => {
    if (!closing.signal.aborted || snapshots > 0) return;
    connection.close();
    closed.resolve();
  };
  const letGo = () => {
    snapshots -= 1;
    closeWhenUnread();
  };
  return {
    path,
    read: sql,
    snapshot: () => {
      try {
        const snapshot = openSnapshot(path, letGo);
        snapshots += 1;
        return snapshot;
      } catch (error) {
        return throwAsWorkspaceError(error, path);
      }
    },
    transaction: (work, writes) => {
      if (connection.inTransaction) throw new Error('transactions are not nested');
      const before = totalChanges();
      try {
        const result = connection.transaction(() => work(sql)).immediate();
        if (writes !== undefined) changedAside += totalChanges() - before;
        return result;
      } catch (error) {
        rolledBack += 1;
        return throwAsWorkspaceError(error, path);
      }
    },
    dataVersion,
    copyTo: (to) => copyWorkspace(connection, to),
    compact: () => {
      try {
        return compactWorkspace(connection, path);
      } catch (error) {
        return throwAsWorkspaceError(error, path);
      }
    },
    changeStamp: () => `${dataVersion()} ${totalChanges() - changedAside} ${rolledBack}`,
    closing: closing.signal,
    close: () => {
      closing.abort(new FirebreakError('ABORTED', { doing: 'reading a workspace that was closed' }));
      closeWhenUnread();
    },
    closed: closed.promise,
  };
}

/** A read transaction of its own: in WAL mode it sees the state in which it began, and keeps nobody from writing. Source: https://www.sqlite.org/isolation.html */
function openSnapshot(path: string, letGo: () => void): Snapshot {
  const connection = new Database(path, { fileMustExist: true, readonly: true, timeout: 5000 });
  try {
    connection.pragma('trusted_schema = OFF');
    connection.exec('BEGIN');
    // The transaction begins with the first read, not with BEGIN.
    connection.prepare('SELECT 1 FROM sqlite_schema').get();
    const close = () => {
      if (!connection.open) return;
      connection.close();
      letGo();
    };
    return { read: createSql(connection, (error) => throwAsWorkspaceError(error, path)), close };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Before SQLite sees the file: it would take an empty file for a new database and write into it. */
function assertLooksLikeSqlite(path: string): void {
  if (!existsSync(path)) throw new FirebreakError('WORKSPACE_NOT_FOUND', { path });
  if (!statSync(path).isFile()) throw new FirebreakError('WORKSPACE_NOT_A_DATABASE', { path });
  const head = Buffer.alloc(16);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  if (head.toString('latin1') !== 'SQLite format 3\0') throw new FirebreakError('WORKSPACE_NOT_A_DATABASE', { path });
}

function assertOurs(connection: Database.Database, path: string, migrations: readonly Migration[]): void {
  if (connection.pragma('application_id', { simple: true }) !== APPLICATION_ID) throw new FirebreakError('WORKSPACE_NOT_A_DATABASE', { path });
  const fileVersion = readUserVersion(connection);
  const ourVersion = newestVersion(migrations);
  if (fileVersion > ourVersion) throw new FirebreakError('WORKSPACE_FROM_NEWER_VERSION', { path, fileVersion, ourVersion });
  if (statSync(path).size > QUICK_CHECK_LIMIT_BYTES) return;
  const found = connection.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw new FirebreakError('WORKSPACE_DAMAGED', { path, detail: String(found).slice(0, 300) });
}

/** `FILE.format-1.backup`: a whole copy in the older format; a number is added rather than overwriting an earlier one. */
function backUpBeforeMigrating(connection: Database.Database, path: string, migrations: readonly Migration[]): void {
  const fileVersion = readUserVersion(connection);
  if (fileVersion === newestVersion(migrations)) return;
  let backupPath = `${path}.format-${fileVersion}.backup`;
  for (let n = 2; existsSync(backupPath); n += 1) backupPath = `${path}.format-${fileVersion}-${n}.backup`;
  connection.prepare('VACUUM INTO ?').run(backupPath);
}
