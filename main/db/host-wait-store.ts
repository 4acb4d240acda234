import { z } from 'zod';
import type { HostWait } from '../../shared/model/host-wait.ts';
import { HostId, PolicyVersionId, PushId } from '../../shared/model/ids.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** `bundle`: the hash of what it is to get, which is stored. */
export type StoredWait = HostWait & { host: HostId; bundle: string };
const Row = z.object({ host_id: HostId, push_id: PushId, version: PolicyVersionId, bundle: z.string(), since_ms: z.number(), held: z.string().nullable() });

export function listHostWaits(db: ReadDb): Map<HostId, StoredWait> {
  const rows = db.all('SELECT host_id, push_id, version, bundle, since_ms, held FROM host_waits').map((row) => Row.parse(row));
  return new Map(rows.map((r) => [r.host_id, { host: r.host_id, push: r.push_id, version: r.version, bundle: r.bundle, sinceMs: r.since_ms, held: r.held }]));
}

/** Takes the place of what it waited for before. */
export function saveHostWait(tx: WriteDb, { host, push, version, bundle, sinceMs, held }: StoredWait): void {
  tx.run('INSERT OR REPLACE INTO host_waits (host_id, push_id, version, bundle, since_ms, held) VALUES (?, ?, ?, ?, ?, ?)', [host, push, version, bundle, sinceMs, held]);
}

/** From now on only when a person asks for it. Does nothing where the host does not wait. */
export function holdHostWait(tx: WriteDb, host: HostId, held: string): void {
  tx.run('UPDATE host_waits SET held = ? WHERE host_id = ?', [held, host]);
}

/** Idempotent. */
export function removeHostWait(tx: WriteDb, host: HostId): void {
  tx.run('DELETE FROM host_waits WHERE host_id = ?', [host]);
}

/** Without what only the sending needs. */
export const toHostWait = ({ push, version, sinceMs, held }: StoredWait): HostWait => ({ push, version, sinceMs, held });
