import { statSync } from 'node:fs';
import { z } from 'zod';
import type { ReadDb, WriteDb } from './sql.ts';

const ConsoleLock = z.object({ pid: z.number(), startToken: z.string(), token: z.string(), user: z.string(), sinceMs: z.number(), inode: z.string() });
/** The console whose window writes this workspace. `token` tells apart what one process opens twice; `inode` is of the file that was locked. */
export type ConsoleLock = z.infer<typeof ConsoleLock>;

const ValueRow = z.object({ value_json: z.string() });

/** Of which file a lock speaks: a copy carries the row of its original, and nobody holds the copy. */
export const readInode = (path: string): string => String(statSync(path, { bigint: true }).ino);

/** The lock on the file with this inode; undefined where nobody took one. Whether its process still lives is not looked at. */
export function findConsoleLock(db: ReadDb, inode: string): ConsoleLock | undefined {
  const row = db.one("SELECT value_json FROM settings WHERE key = 'console-lock'");
  if (row === undefined) return undefined;
  const lock = ConsoleLock.parse(JSON.parse(ValueRow.parse(row).value_json));
  return lock.inode === inode ? lock : undefined;
}

export function saveConsoleLock(tx: WriteDb, lock: ConsoleLock): void {
  tx.run("INSERT INTO settings (key, value_json) VALUES ('console-lock', ?) ON CONFLICT (key) DO UPDATE SET value_json = excluded.value_json", [JSON.stringify(lock)]);
}

/** Leaves the lock of anybody else alone. Idempotent. */
export function removeConsoleLock(tx: WriteDb, token: string): void {
  tx.run("DELETE FROM settings WHERE key = 'console-lock' AND value_json ->> 'token' = ?", [token]);
}
