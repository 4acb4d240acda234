import { z } from 'zod';
import { HostId } from '../../shared/model/ids.ts';
import { MachineStanding } from '../../shared/contract/host-identity.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** One machine that answered for a host, by its machine id. Times are the console's clock. */
export type StoredMachine = { host: HostId; machineId: string; standing: MachineStanding; firstSeenAtMs: number; lastSeenAtMs: number };

const COLUMNS = 'host_id, machine_id, standing, first_seen_at_ms, last_seen_at_ms';
const Row = z.object({ host_id: HostId, machine_id: z.string(), standing: MachineStanding, first_seen_at_ms: z.number(), last_seen_at_ms: z.number() });

/** A host that gives itself another id each time cannot fill the workspace. */
const MAX_FORMER = 8;

function toMachine(raw: unknown): StoredMachine {
  const r = Row.parse(raw);
  return { host: r.host_id, machineId: r.machine_id, standing: r.standing, firstSeenAtMs: r.first_seen_at_ms, lastSeenAtMs: r.last_seen_at_ms };
}

/** Of all hosts, newest sighting first. */
export const listMachines = (db: ReadDb): StoredMachine[] => db.all(`SELECT ${COLUMNS} FROM host_machines ORDER BY last_seen_at_ms DESC, machine_id`).map(toMachine);

export function findMachineOf(db: ReadDb, host: HostId, standing: 'current' | 'waiting'): StoredMachine | undefined {
  const row = db.one(`SELECT ${COLUMNS} FROM host_machines WHERE host_id = ? AND standing = ?`, [host, standing]);
  return row === undefined ? undefined : toMachine(row);
}

/** The machine was seen as `standing`; whichever was that before and is another becomes a former one. */
export function saveMachine(tx: WriteDb, host: HostId, machine: { machineId: string; standing: 'current' | 'waiting' }, atMs: number): void {
  const { machineId, standing } = machine;
  tx.run("UPDATE host_machines SET standing = 'former' WHERE host_id = ? AND standing = ? AND machine_id <> ?", [host, standing, machineId]);
  tx.run(
    `INSERT INTO host_machines (${COLUMNS}) VALUES (:host, :machineId, :standing, :atMs, :atMs)
     ON CONFLICT (host_id, machine_id) DO UPDATE SET standing = :standing, last_seen_at_ms = max(last_seen_at_ms, :atMs)`,
    { host, machineId, standing, atMs },
  );
  tx.run(
    `DELETE FROM host_machines WHERE host_id = :host AND standing = 'former' AND machine_id NOT IN
     (SELECT machine_id FROM host_machines WHERE host_id = :host AND standing = 'former' ORDER BY last_seen_at_ms DESC LIMIT ${MAX_FORMER})`,
    { host },
  );
}

/** What waited is what the host stands for from now on; where nothing waited, the next machine that says its id will be. */
export function acceptMachine(tx: WriteDb, host: HostId): void {
  tx.run("UPDATE host_machines SET standing = 'former' WHERE host_id = ? AND standing = 'current'", [host]);
  tx.run("UPDATE host_machines SET standing = 'current' WHERE host_id = ? AND standing = 'waiting'", [host]);
}
