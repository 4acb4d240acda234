import { z } from 'zod';
import { CollectRound } from '../../shared/contract/collect-rounds.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const KEY = 'collect-round';
const Row = z.object({ value_json: z.string() });

/** The last round over all hosts; null where there was none yet. */
export function loadRound(db: ReadDb): CollectRound | null {
  const row = db.one('SELECT value_json FROM settings WHERE key = ?', [KEY]);
  return row === undefined ? null : CollectRound.parse(JSON.parse(Row.parse(row).value_json));
}

export function saveRound(tx: WriteDb, round: CollectRound): void {
  tx.run('INSERT INTO settings (key, value_json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value_json = excluded.value_json', [KEY, JSON.stringify(round)]);
}
