import type { ReadDb, WriteDb } from './sql.ts';

/** Marks the workspace as the generated sample, for ever: copies of it are samples too. */
export function markAsSample(tx: WriteDb, madeAtMs: number): void {
  tx.run("INSERT INTO settings (key, value_json) VALUES ('sample', ?)", [JSON.stringify({ madeAtMs })]);
}

export const isSample = (db: ReadDb): boolean => db.one("SELECT 1 FROM settings WHERE key = 'sample'") !== undefined;
