import { z } from 'zod';
import { AgentFacts, AgentStatus } from '../../shared/contract/agent-replies.ts';
import { PublishedPort } from '../../shared/model/host.ts';
import { HostId } from '../../shared/model/ids.ts';
import { SaidPosture } from '../../shared/model/posture.ts';
import { sayPosture } from '../../shared/posture/say-posture.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** The last failure with a host, as people were told. */
export const HostError = z.object({ code: z.string(), title: z.string(), hint: z.string(), atMs: z.number() });
export type HostError = z.infer<typeof HostError>;

/** What facts come to: ports that lead into containers, and sentences on how traffic may pass unjudged. Kept beside them, because lists of hosts need it. */
export const HostPassages = z.object({ published: z.array(PublishedPort).default([]), bypasses: z.array(z.string()).default([]) });
export type HostPassages = z.infer<typeof HostPassages>;

/** What the compiler takes from a host's facts. `cgroupKeys`: whether its nft and kernel can match control groups. `sshPort`: the one that the host sees itself reached under, null when it did not say. */
export const HostNetwork = z.object({ sshPort: z.number().nullable(), resolvers: z.array(z.string()), timeServers: z.array(z.string()), cgroupKeys: z.boolean().default(true), /** What its agent works over. */ backend: z.enum(['nft', 'iptables']).default('nft'), /** Null: its agent does not tell. */ posture: SaidPosture.nullable().default(null), ...HostPassages.shape });
export type HostNetwork = z.infer<typeof HostNetwork>;

/** What the host last said, without the facts as a whole; null where it never did. Times are the console's clock. */
export type HostState = {
  host: HostId;
  network: HostNetwork | null;
  factsAtMs: number | null;
  status: AgentStatus | null;
  statusAtMs: number | null;
  lastContactAtMs: number | null;
  lastError: HostError | null;
};

const COLUMNS = 'host_id, network_json, facts_at_ms, status_json, status_at_ms, last_contact_at_ms, error_json';
const Row = z.object({
  host_id: HostId,
  network_json: z.string().nullable(),
  facts_at_ms: z.number().nullable(),
  status_json: z.string().nullable(),
  status_at_ms: z.number().nullable(),
  last_contact_at_ms: z.number().nullable(),
  error_json: z.string().nullable(),
});
const FactsRow = z.object({ facts_json: z.string().nullable() });

const parseJson = <T>(schema: z.ZodType<T>, text: string | null): T | null => (text === null ? null : schema.parse(JSON.parse(text)));

function toState(raw: unknown): HostState {
  const r = Row.parse(raw);
  return {
    host: r.host_id,
    network: parseJson(HostNetwork, r.network_json),
    factsAtMs: r.facts_at_ms,
    status: parseJson(AgentStatus, r.status_json),
    statusAtMs: r.status_at_ms,
    lastContactAtMs: r.last_contact_at_ms,
    lastError: parseJson(HostError, r.error_json),
  };
}

export function listHostStates(db: ReadDb): HostState[] {
  return db.all(`SELECT ${COLUMNS} FROM host_states`).map(toState);
}

export function findHostState(db: ReadDb, host: HostId): HostState | undefined {
  const row = db.one(`SELECT ${COLUMNS} FROM host_states WHERE host_id = ?`, [host]);
  return row === undefined ? undefined : toState(row);
}

/** All that the host said about itself; null when it never did. */
export function findFacts(db: ReadDb, host: HostId): AgentFacts | null {
  const row = db.one('SELECT facts_json FROM host_states WHERE host_id = ?', [host]);
  return row === undefined ? null : parseJson(AgentFacts, FactsRow.parse(row).facts_json);
}

/** Facts and status both count as a contact and clear the last error. */
export function saveFacts(tx: WriteDb, host: HostId, facts: AgentFacts, atMs: number, passages: HostPassages = { published: [], bypasses: [] }): void {
  const posture = sayPosture(facts, findHostState(tx, host)?.network?.posture ?? null, atMs);
  const network: HostNetwork = { sshPort: facts.ssh?.serverPort ?? null, resolvers: facts.resolvers, timeServers: facts.timeServers, cgroupKeys: facts.features.cgroupKeys ?? true, backend: facts.features['iptables'] === true ? 'iptables' : 'nft', posture, ...passages };
  tx.run('UPDATE host_states SET facts_json = ?, network_json = ?, facts_at_ms = ?, last_contact_at_ms = ?, error_json = NULL WHERE host_id = ?', [
    JSON.stringify(facts),
    JSON.stringify(network),
    atMs,
    atMs,
    host,
  ]);
}

/** Nothing is known of the host any more but that it is there. */
export function clearFacts(tx: WriteDb, host: HostId): void {
  tx.run('UPDATE host_states SET facts_json = NULL, network_json = NULL, facts_at_ms = NULL WHERE host_id = ?', [host]);
}

/** By what hosts call themselves, of those that said so over SSH. */
export function listMachineIds(db: ReadDb): { host: HostId; machineId: string; hostname: string }[] {
  const Machine = z.object({ host_id: HostId, machine_id: z.string(), hostname: z.string() });
  const rows = db.all("SELECT host_id, facts_json ->> 'machineId' AS machine_id, facts_json ->> 'hostname' AS hostname FROM host_states JOIN hosts ON id = host_id WHERE facts_json IS NOT NULL AND ssh_json IS NOT NULL");
  return rows.map((raw) => Machine.parse(raw)).map((r) => ({ host: r.host_id, machineId: r.machine_id, hostname: r.hostname }));
}

/** `status` null: read that no agent is there. */
export function saveStatus(tx: WriteDb, host: HostId, status: AgentStatus | null, atMs: number): void {
  tx.run('UPDATE host_states SET status_json = ?, status_at_ms = ?, last_contact_at_ms = ?, error_json = NULL WHERE host_id = ?', [
    status === null ? null : JSON.stringify(status),
    atMs,
    atMs,
    host,
  ]);
}

/** Leaves facts, status and the last contact as they are: they stay the newest that is known. */
export function saveHostError(tx: WriteDb, host: HostId, error: HostError): void {
  tx.run('UPDATE host_states SET error_json = ? WHERE host_id = ?', [JSON.stringify(error), host]);
}
