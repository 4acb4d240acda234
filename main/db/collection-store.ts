import { z } from 'zod';
import { AgentFacts } from '../../shared/contract/agent-replies.ts';
import { HostId } from '../../shared/model/ids.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** Rules as their own program printed them. */
export type RuleListing = { file: string; text: string };

/** A collection without what it says of its host. `machine`: machine id and name, by which the same machine is known again. */
export type Collection = {
  id: number;
  sourceId: number;
  host: HostId;
  bundleId: string;
  machine: string;
  kit: string | null;
  collectedAtMs: number;
  usesFacts: boolean;
  absences: string[];
};
export type NewCollection = Omit<Collection, 'id'> & { facts: AgentFacts; rules: readonly RuleListing[] };

const COLUMNS = 'id, source_id, host_id, bundle_id, machine, kit, collected_at_ms, uses_facts, absences_json';
const Row = z.object({
  id: z.number(),
  source_id: z.number(),
  host_id: HostId,
  bundle_id: z.string(),
  machine: z.string(),
  kit: z.string().nullable(),
  collected_at_ms: z.number(),
  uses_facts: z.number(),
  absences_json: z.string(),
});
const Said = z.object({ facts_json: z.string() });
const RuleFile = z.object({ file: z.string() });

function toCollection(raw: unknown): Collection {
  const r = Row.parse(raw);
  const absences = z.array(z.string()).parse(JSON.parse(r.absences_json));
  return {
    id: r.id,
    sourceId: r.source_id,
    host: r.host_id,
    bundleId: r.bundle_id,
    machine: r.machine,
    kit: r.kit,
    collectedAtMs: r.collected_at_ms,
    usesFacts: r.uses_facts === 1,
    absences,
  };
}

/** Newest import first. */
export const listCollections = (db: ReadDb): Collection[] => db.all(`SELECT ${COLUMNS} FROM collections ORDER BY id DESC`).map(toCollection);

/** Latest by the time at which they were made first. */
export const listCollectionsOf = (db: ReadDb, host: HostId): Collection[] =>
  db.all(`SELECT ${COLUMNS} FROM collections WHERE host_id = ? ORDER BY collected_at_ms DESC, id DESC`, [host]).map(toCollection);

export function findCollection(db: ReadDb, by: { id: number } | { bundleId: string } | { sourceId: number }): Collection | undefined {
  const [column, value] = 'id' in by ? ['id', by.id] : 'bundleId' in by ? ['bundle_id', by.bundleId] : ['source_id', by.sourceId];
  const row = db.one(`SELECT ${COLUMNS} FROM collections WHERE ${column} = ?`, [value]);
  return row === undefined ? undefined : toCollection(row);
}

export function getCollectionFacts(db: ReadDb, id: number): AgentFacts {
  return AgentFacts.parse(JSON.parse(Said.parse(db.one('SELECT facts_json FROM collections WHERE id = ?', [id])).facts_json));
}

/** The rule listings in it, as their own programs printed them. */
export function listRuleTexts(db: ReadDb, id: number): RuleListing[] {
  const One = z.object({ rules_json: z.string() });
  return z.array(z.object({ file: z.string(), text: z.string() })).parse(JSON.parse(One.parse(db.one('SELECT rules_json FROM collections WHERE id = ?', [id])).rules_json));
}

/** Names of the rule listings in it. Their texts, which are megabytes, are not read. */
export const listRuleFiles = (db: ReadDb, id: number): string[] =>
  db.all("SELECT value ->> 'file' AS file FROM collections, json_each(rules_json) WHERE collections.id = ? ORDER BY key", [id]).map((raw) => RuleFile.parse(raw).file);

/** Hosts that are known by a bundle that nobody signed → when it was made. */
export function listUnsignedHosts(db: ReadDb): Map<HostId, number> {
  const One = z.object({ host_id: HostId, collected_at_ms: z.number() });
  return new Map(
    db
      .all('SELECT host_id, collected_at_ms FROM collections WHERE uses_facts = 1 AND kit IS NULL')
      .map((raw) => One.parse(raw))
      .map((r) => [r.host_id, r.collected_at_ms]),
  );
}

export function insertCollection(tx: WriteDb, one: NewCollection): number {
  return tx.run(
    'INSERT INTO collections (source_id, host_id, bundle_id, machine, kit, collected_at_ms, uses_facts, facts_json, absences_json, rules_json) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)',
    [
      one.sourceId,
      one.host,
      one.bundleId,
      one.machine,
      one.kit,
      one.collectedAtMs,
      JSON.stringify(one.facts),
      JSON.stringify(one.absences),
      JSON.stringify(one.rules),
    ],
  ).lastId;
}

/** Makes this one, and no other of the host (null: none), what is known of it. */
export function markUsed(tx: WriteDb, host: HostId, id: number | null): void {
  tx.run('UPDATE collections SET uses_facts = (id = coalesce(?, -1)) WHERE host_id = ?', [id, host]);
}
