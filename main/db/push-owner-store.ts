import { z } from 'zod';
import { findSetting, putSetting } from './setting-values.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** Which process runs the running push; kept among the settings because it is no part of the push's history. */
const StoredPushOwner = z.object({ push: z.string(), pid: z.number().int().positive(), startToken: z.string() });
export type StoredPushOwner = z.infer<typeof StoredPushOwner>;

const KEY = 'push-owner';

/** Replaces the former owner: one push runs at a time. */
export function savePushOwner(tx: WriteDb, owner: StoredPushOwner): void {
  putSetting(tx, KEY, owner);
}

export function findPushOwner(db: ReadDb): StoredPushOwner | undefined {
  return findSetting(db, KEY, StoredPushOwner);
}
