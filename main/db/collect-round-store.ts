import { CollectRound } from '../../shared/contract/collect-rounds.ts';
import { findSetting, putSetting } from './setting-values.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const KEY = 'collect-round';

/** The last round over all hosts; null where there was none yet. */
export function loadRound(db: ReadDb): CollectRound | null {
  return findSetting(db, KEY, CollectRound) ?? null;
}

export function saveRound(tx: WriteDb, round: CollectRound): void {
  putSetting(tx, KEY, round);
}
