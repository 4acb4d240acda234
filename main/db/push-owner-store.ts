import { z } from 'zod';
import type { ReadDb, WriteDb } from './sql.ts';

/** Which process runs the running push; kept among the settings because it is no part of the push's history. */
const StoredPushOwner = z.object({ push: z.string(), pid: z.number().int().positive(), startToken: z.string() });
export type StoredPushOwner = z.infer<typeof StoredPushOwner>;

const KEY = 'push-owner';
const Row = z.object({ value_json: z.string() });

/** Replaces the former owner: one push runs at a time. */
export function savePushOwner(tx: WriteDb, owner: StoredPushOwner): void {
  tx.run('INSERT INTO settings (key, value_json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value_json = excluded.value_json', [KEY, JSON.stringify(owner)]);
}

export function findPushOwner(db: ReadDb): StoredPushOwner | undefined {
  const row = db.one('SELECT value_json FROM settings WHERE key = ?', [KEY]);
  return row === undefined ? undefined : StoredPushOwner.parse(JSON.parse(Row.parse(row).value_json));
}
