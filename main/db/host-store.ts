import { z } from 'zod';
import { type HostKey, SshTarget } from '../../shared/model/host.ts';
import { HostId } from '../../shared/model/ids.ts';
import type { Labels } from '../../shared/model/label.ts';
import type { ReadDb, WriteDb } from './sql.ts';

export type AddressSource = 'manual' | 'facts';

/** What the admin entered and what was pinned. `ssh` null: unmanaged, unless `carried`: then it is reached by stick. Addresses are canonical and may repeat across hosts (source `facts`). */
export type HostRecord = {
  id: HostId;
  name: string;
  ssh: SshTarget | null;
  carried: boolean;
  note: string;
  createdAtMs: number;
  /** Those set by hand; label rules add others: main/services/host-labels.ts. */
  handLabels: Labels;
  addresses: { address: string; source: AddressSource }[];
  pinnedKeys: HostKey[];
  consoleAddresses: string[];
};

const HostRow = z.object({ id: HostId, name: z.string(), ssh_json: z.string().nullable(), note: z.string(), created_at_ms: z.number(), carried: z.number() });
const LabelRow = z.object({ host_id: HostId, key: z.string(), value: z.string() });
const AddressRow = z.object({ host_id: HostId, address: z.string(), source: z.enum(['manual', 'facts']) });
const KeyRow = z.object({ host_id: HostId, algorithm: z.string(), fingerprint: z.string() });
const ConsoleRow = z.object({ host_id: HostId, address: z.string() });

/** Ordered by name. A handful of queries however many hosts there are. */
export function listHosts(db: ReadDb): HostRecord[] {
  const records = db.all('SELECT id, name, ssh_json, note, created_at_ms, carried FROM hosts ORDER BY name').map((raw): HostRecord => {
    const r = HostRow.parse(raw);
    const ssh = r.ssh_json === null ? null : SshTarget.parse(JSON.parse(r.ssh_json));
    return { id: r.id, name: r.name, ssh, carried: r.carried === 1, note: r.note, createdAtMs: r.created_at_ms, handLabels: {}, addresses: [], pinnedKeys: [], consoleAddresses: [] };
  });
  const byId = new Map(records.map((r) => [r.id, r]));
  for (const r of db.all('SELECT host_id, key, value FROM host_labels ORDER BY key').map((raw) => LabelRow.parse(raw))) {
    const host = byId.get(r.host_id);
    if (host !== undefined) host.handLabels[r.key] = r.value;
  }
  for (const r of db.all('SELECT host_id, address, source FROM host_addresses ORDER BY source DESC, address').map((raw) => AddressRow.parse(raw))) {
    byId.get(r.host_id)?.addresses.push({ address: r.address, source: r.source });
  }
  for (const r of db.all('SELECT host_id, algorithm, fingerprint FROM host_keys ORDER BY pinned_at_ms').map((raw) => KeyRow.parse(raw))) {
    byId.get(r.host_id)?.pinnedKeys.push({ algorithm: r.algorithm, fingerprint: r.fingerprint });
  }
  for (const r of db.all('SELECT host_id, address FROM host_consoles ORDER BY address').map((raw) => ConsoleRow.parse(raw))) {
    byId.get(r.host_id)?.consoleAddresses.push(r.address);
  }
  return records;
}

export const countHosts = (db: ReadDb): number => z.object({ n: z.number() }).parse(db.one('SELECT count(*) AS n FROM hosts')).n;

export function insertHost(tx: WriteDb, host: Omit<HostRecord, 'carried' | 'pinnedKeys' | 'consoleAddresses'> & { readonly carried?: boolean }): void {
  tx.run('INSERT INTO hosts (id, name, ssh_json, note, created_at_ms, carried) VALUES (?, ?, ?, ?, ?, ?)', [
    host.id,
    host.name,
    host.ssh === null ? null : JSON.stringify(host.ssh),
    host.note,
    host.createdAtMs,
    host.carried === true ? 1 : 0,
  ]);
  tx.run('INSERT INTO host_states (host_id) VALUES (?)', [host.id]);
  for (const [key, value] of Object.entries(host.handLabels)) setLabel(tx, host.id, key, value);
  for (const a of host.addresses) tx.run('INSERT INTO host_addresses (host_id, address, source) VALUES (?, ?, ?)', [host.id, a.address, a.source]);
}

/** Its pinned keys stay: whoever answers there must still be the same. */
export function updateHostSsh(tx: WriteDb, host: HostId, ssh: SshTarget): void {
  tx.run('UPDATE hosts SET ssh_json = ? WHERE id = ?', [JSON.stringify(ssh), host]);
}

/** Idempotent. */
export function addManualAddress(tx: WriteDb, host: HostId, address: string): void {
  tx.run("INSERT INTO host_addresses (host_id, address, source) VALUES (?, ?, 'manual') ON CONFLICT DO NOTHING", [host, address]);
}

/** Takes everything of the host with it, its recorded flows too; pushes and the audit log keep its name. */
export function deleteHost(tx: WriteDb, host: HostId): void {
  tx.run('DELETE FROM hosts WHERE id = ?', [host]);
}

/** null removes. */
export function setLabel(tx: WriteDb, host: HostId, key: string, value: string | null): void {
  if (value === null) tx.run('DELETE FROM host_labels WHERE host_id = ? AND key = ?', [host, key]);
  else
    tx.run('INSERT INTO host_labels (host_id, key, value) VALUES (?, ?, ?) ON CONFLICT (host_id, key) DO UPDATE SET value = excluded.value', [
      host,
      key,
      value,
    ]);
}

/** Pins a key; `replace` drops all others of the host first. Idempotent. */
export function pinKey(tx: WriteDb, host: HostId, key: HostKey, options: { replace: boolean; atMs: number }): void {
  if (options.replace) tx.run('DELETE FROM host_keys WHERE host_id = ?', [host]);
  tx.run('INSERT INTO host_keys (host_id, algorithm, fingerprint, pinned_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING', [
    host,
    key.algorithm,
    key.fingerprint,
    options.atMs,
  ]);
}

/** Remembers where the console's SSH came from, as the host saw it. */
export function recordConsoleAddress(tx: WriteDb, host: HostId, address: string, atMs: number): void {
  tx.run(
    `INSERT INTO host_consoles (host_id, address, first_seen_at_ms, last_seen_at_ms) VALUES (:host, :address, :atMs, :atMs)
     ON CONFLICT (host_id, address) DO UPDATE SET last_seen_at_ms = :atMs`,
    { host, address, atMs },
  );
}
