import { z } from 'zod';
import type { ReadDb, WriteDb } from './sql.ts';

const Row = z.object({ value_json: z.string() });
const Value = z.object({ pem: z.string() });
const KEY = 'signing-key';

/** PKCS #8 in PEM, not encrypted; null when none was made yet. */
export function findSigningKeyPem(db: ReadDb): string | null {
  const row = db.one('SELECT value_json FROM settings WHERE key = ?', [KEY]);
  return row === undefined ? null : Value.parse(JSON.parse(Row.parse(row).value_json)).pem;
}

/** Keeps the one that is there already, and gives the one that holds. */
export function insertSigningKeyPem(tx: WriteDb, pem: string): string {
  tx.run('INSERT INTO settings (key, value_json) VALUES (?, ?) ON CONFLICT (key) DO NOTHING', [KEY, JSON.stringify({ pem })]);
  return findSigningKeyPem(tx) ?? pem;
}
