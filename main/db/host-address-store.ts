import { z } from 'zod';
import type { HostAddressTime } from '../../shared/contract/host-identity.ts';
import { HostId } from '../../shared/model/ids.ts';
import type { ReadDb, WriteDb } from './sql.ts';

export type StoredAddressTime = HostAddressTime & { host: HostId };

const Row = z.object({ host_id: HostId, address: z.string(), first_seen_at_ms: z.number(), last_seen_at_ms: z.number(), left_at_ms: z.number().nullable() });

const KEPT_AFTER_LEAVING_MS = 90 * 86_400_000;
/** A host that makes up addresses cannot fill the workspace. */
const MAX_LEFT = 256;

/** Of all hosts: those that they have first, then those that left them, newest first. */
export function listAddressTimes(db: ReadDb): StoredAddressTime[] {
  return db.all('SELECT host_id, address, first_seen_at_ms, last_seen_at_ms, left_at_ms FROM host_address_times ORDER BY left_at_ms IS NOT NULL, left_at_ms DESC, address').map((raw) => {
    const r = Row.parse(raw);
    return { host: r.host_id, address: r.address, firstSeenAtMs: r.first_seen_at_ms, lastSeenAtMs: r.last_seen_at_ms, leftAtMs: r.left_at_ms };
  });
}

/** Replaces the addresses that facts brought, and keeps when each came and went; those entered by hand stay, also when facts name them too. */
export function replaceDiscoveredAddresses(tx: WriteDb, host: HostId, addresses: readonly string[], atMs: number): void {
  tx.run("DELETE FROM host_addresses WHERE host_id = ? AND source = 'facts'", [host]);
  for (const address of addresses)
    tx.run("INSERT INTO host_addresses (host_id, address, source) VALUES (?, ?, 'facts') ON CONFLICT DO NOTHING", [host, address]);
  noteTimes(tx, host, addresses, atMs);
}

/** An address that comes back is there since it came back. */
function noteTimes(tx: WriteDb, host: HostId, addresses: readonly string[], atMs: number): void {
  const names = { host, atMs, addresses: JSON.stringify(addresses) };
  tx.run('UPDATE host_address_times SET left_at_ms = :atMs WHERE host_id = :host AND left_at_ms IS NULL AND address NOT IN (SELECT value FROM json_each(:addresses))', names);
  tx.run(
    `INSERT INTO host_address_times (host_id, address, first_seen_at_ms, last_seen_at_ms, left_at_ms) SELECT :host, value, :atMs, :atMs, NULL FROM json_each(:addresses) WHERE true
     ON CONFLICT (host_id, address) DO UPDATE SET first_seen_at_ms = iif(left_at_ms IS NULL, first_seen_at_ms, :atMs), last_seen_at_ms = :atMs, left_at_ms = NULL`,
    names,
  );
  tx.run(
    `DELETE FROM host_address_times WHERE host_id = :host AND left_at_ms IS NOT NULL AND (left_at_ms < :before OR address NOT IN
     (SELECT address FROM host_address_times WHERE host_id = :host AND left_at_ms IS NOT NULL ORDER BY left_at_ms DESC, address LIMIT ${MAX_LEFT}))`,
    { host, before: atMs - KEPT_AFTER_LEAVING_MS },
  );
}
