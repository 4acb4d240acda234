import { z } from 'zod';
import { findSetting } from './setting-values.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const Value = z.object({ pem: z.string() });
const KEY = 'signing-key';

/** PKCS #8 in PEM, not encrypted; null when none was made yet. */
export function findSigningKeyPem(db: ReadDb): string | null {
  return findSetting(db, KEY, Value)?.pem ?? null;
}

/** Keeps the one that is there already, and gives the one that holds. */
export function insertSigningKeyPem(tx: WriteDb, pem: string): string {
  tx.run('INSERT INTO settings (key, value_json) VALUES (?, ?) ON CONFLICT (key) DO NOTHING', [KEY, JSON.stringify({ pem })]);
  return findSigningKeyPem(tx) ?? pem;
}
