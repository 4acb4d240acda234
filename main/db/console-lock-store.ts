import { statSync } from 'node:fs';
import { z } from 'zod';
import { findSetting, putSetting } from './setting-values.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const ConsoleLock = z.object({ pid: z.number(), startToken: z.string(), token: z.string(), user: z.string(), sinceMs: z.number(), inode: z.string() });
/** The console whose window writes this workspace. `token` tells apart what one process opens twice; `inode` is of the file that was locked. */
export type ConsoleLock = z.infer<typeof ConsoleLock>;

const KEY = 'console-lock';

/** Of which file a lock speaks: a copy carries the row of its original, and nobody holds the copy. */
export const readInode = (path: string): string => String(statSync(path, { bigint: true }).ino);

/** The lock on the file with this inode; undefined where nobody took one. Whether its process still lives is not looked at. */
export function findConsoleLock(db: ReadDb, inode: string): ConsoleLock | undefined {
  const lock = findSetting(db, KEY, ConsoleLock);
  return lock?.inode === inode ? lock : undefined;
}

export function saveConsoleLock(tx: WriteDb, lock: ConsoleLock): void {
  putSetting(tx, KEY, lock);
}

/** Leaves the lock of anybody else alone. Idempotent. */
export function removeConsoleLock(tx: WriteDb, token: string): void {
  tx.run("DELETE FROM settings WHERE key = ? AND value_json ->> 'token' = ?", [KEY, token]);
}
