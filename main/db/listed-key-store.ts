import { z } from 'zod';
import { HostId } from '../../shared/model/ids.ts';
import type { ListedKey } from '../../shared/model/host-key.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const Row = z.object({ host_id: HostId, fingerprint: z.string(), algorithm: z.string().nullable(), revoked: z.number(), source: z.string() });
const PublicRow = z.object({ fingerprint: z.string(), public_key: z.string() });
const COLUMNS = 'host_id, fingerprint, algorithm, revoked, source';

const toKey = ({ fingerprint, algorithm, revoked, source }: z.infer<typeof Row>): ListedKey => ({ fingerprint, algorithm, isRevoked: revoked === 1, source });

/** What lists say of each host that one of them names. */
export function listListedKeys(db: ReadDb): Map<HostId, ListedKey[]> {
  const rows = db.all(`SELECT ${COLUMNS} FROM listed_host_keys ORDER BY host_id, fingerprint`).map((raw) => Row.parse(raw));
  return new Map([...Map.groupBy(rows, (row) => row.host_id)].map(([host, keys]) => [host, keys.map(toKey)]));
}

export function findListedKeys(db: ReadDb, host: HostId): ListedKey[] {
  return db.all(`SELECT ${COLUMNS} FROM listed_host_keys WHERE host_id = ? ORDER BY fingerprint`, [host]).map((raw) => toKey(Row.parse(raw)));
}

/** In place of what lists said of the host before, but that what one of them revoked stays so: a list that does not know of it says nothing about it. */
export function saveListedKeys(tx: WriteDb, host: HostId, keys: readonly ListedKey[], atMs: number): void {
  tx.run('DELETE FROM listed_host_keys WHERE host_id = ? AND revoked = 0', [host]);
  for (const { fingerprint, algorithm, isRevoked, source } of keys)
    tx.run(
      `INSERT INTO listed_host_keys (host_id, fingerprint, algorithm, revoked, source, listed_at_ms) VALUES (:host, :fingerprint, :algorithm, :revoked, :source, :atMs)
       ON CONFLICT (host_id, fingerprint) DO UPDATE SET revoked = 1, source = excluded.source, listed_at_ms = excluded.listed_at_ms WHERE excluded.revoked = 1`,
      { host, fingerprint, algorithm, revoked: isRevoked ? 1 : 0, source, atMs },
    );
}

/** What was revoked is forgotten, too. Gives how many. */
export const forgetListedKeys = (tx: WriteDb, host: HostId): number => tx.run('DELETE FROM listed_host_keys WHERE host_id = ?', [host]).changes;

/** The caller has made sure that one is the hash of the other. Idempotent. */
export function savePublicKey(tx: WriteDb, fingerprint: string, publicKey: string): void {
  tx.run('INSERT INTO public_host_keys (fingerprint, public_key) VALUES (?, ?) ON CONFLICT DO NOTHING', [fingerprint, publicKey]);
}

/** Whole keys in base64, by their fingerprints. */
export function listPublicKeys(db: ReadDb): Map<string, string> {
  return new Map(db.all('SELECT fingerprint, public_key FROM public_host_keys').map((raw) => PublicRow.parse(raw)).map((row) => [row.fingerprint, row.public_key]));
}
