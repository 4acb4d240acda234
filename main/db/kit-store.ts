import { z } from 'zod';
import { KitId } from '../../shared/contract/bundles.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** `publicKey` is a line such as `ssh-ed25519 AAAA…`. */
export type Kit = { id: string; publicKey: string; madeAtMs: number; madeBy: string };
const Row = z.object({ id: KitId, public_key: z.string(), made_at_ms: z.number(), made_by: z.string() });
const toKit = (raw: unknown): Kit => {
  const r = Row.parse(raw);
  return { id: r.id, publicKey: r.public_key, madeAtMs: r.made_at_ms, madeBy: r.made_by };
};

/** Newest first. */
export const listKits = (db: ReadDb): Kit[] => db.all('SELECT * FROM kits ORDER BY made_at_ms DESC, id').map(toKit);

export function findKit(db: ReadDb, id: string): Kit | undefined {
  const row = db.one('SELECT * FROM kits WHERE id = ?', [id]);
  return row === undefined ? undefined : toKit(row);
}

export function insertKit(tx: WriteDb, kit: Kit): void {
  tx.run('INSERT INTO kits (id, public_key, made_at_ms, made_by) VALUES (?, ?, ?, ?)', [kit.id, kit.publicKey, kit.madeAtMs, kit.madeBy]);
}

/** What was imported from it stays, and still says which kit it was. */
export function deleteKit(tx: WriteDb, id: string): void {
  tx.run('DELETE FROM kits WHERE id = ?', [id]);
}
