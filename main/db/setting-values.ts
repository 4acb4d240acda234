import { z } from 'zod';
import type { ReadDb, WriteDb } from './sql.ts';

const Row = z.object({ value_json: z.string() });

/** One value of the table `settings`, as its schema reads it; undefined where none was stored. Throws where something else was. */
export function findSetting<T>(db: ReadDb, key: string, schema: z.ZodType<T>): T | undefined {
  const row = db.one('SELECT value_json FROM settings WHERE key = ?', [key]);
  return row === undefined ? undefined : schema.parse(JSON.parse(Row.parse(row).value_json));
}

/** Stores it in place of the former one. */
export function putSetting(tx: WriteDb, key: string, value: unknown): void {
  tx.run('INSERT INTO settings (key, value_json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value_json = excluded.value_json', [key, JSON.stringify(value)]);
}
