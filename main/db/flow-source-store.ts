import { z } from 'zod';
import { FlowSource, ImportFigures } from '../../shared/model/flow-source.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const Row = z.object({ id: z.number(), name: z.string(), imported_at_ms: z.number(), imported_by: z.string(), figures_json: z.string() });
const SELECT = 'SELECT id, name, imported_at_ms, imported_by, figures_json FROM flow_sources';

function toSource(raw: unknown): FlowSource {
  const row = Row.parse(raw);
  return FlowSource.parse({ id: row.id, name: row.name, importedAtMs: row.imported_at_ms, importedBy: row.imported_by, figures: ImportFigures.parse(JSON.parse(row.figures_json)) });
}

/** Newest first. */
export const listFlowSources = (db: ReadDb): FlowSource[] => db.all(`${SELECT} ORDER BY id DESC`).map(toSource);

export function findFlowSource(db: ReadDb, id: number): FlowSource | undefined {
  const row = db.one(`${SELECT} WHERE id = ?`, [id]);
  return row === undefined ? undefined : toSource(row);
}

export function findFlowSourceByHash(db: ReadDb, sha256: string): FlowSource | undefined {
  const row = db.one(`${SELECT} WHERE sha256 = ?`, [sha256]);
  return row === undefined ? undefined : toSource(row);
}

export const hasFlowSources = (db: ReadDb): boolean => db.one('SELECT 1 FROM flow_sources LIMIT 1') !== undefined;

/** Gives its id, which is never used again. */
export function insertFlowSource(tx: WriteDb, source: Omit<FlowSource, 'id'>): number {
  return tx.run('INSERT INTO flow_sources (name, sha256, imported_at_ms, imported_by, figures_json) VALUES (?, ?, ?, ?, ?)', [source.name, source.figures.sha256, source.importedAtMs, source.importedBy, JSON.stringify(source.figures)]).lastId;
}

export type NewImportedFlow = {
  consumer: string;
  provider: string;
  protocol: string;
  port: number;
  verdict: 'accepted' | 'blocked';
  basis: string;
  answered: boolean;
  connections: number;
  firstSeenAtMs: number;
  lastSeenAtMs: number;
  hours: readonly (readonly [startMs: number, connections: number])[];
};

export function insertImportedFlow(tx: WriteDb, source: number, flow: NewImportedFlow): void {
  const { lastId } = tx.run(
    `INSERT INTO imported_flows (source_id, consumer_address, provider_address, protocol, port, verdict, basis, answered, connections, first_seen_at_ms, last_seen_at_ms)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [source, flow.consumer, flow.provider, flow.protocol, flow.port, flow.verdict, flow.basis, flow.answered ? 1 : 0, flow.connections, flow.firstSeenAtMs, flow.lastSeenAtMs],
  );
  // One statement for all hours: a million of them took most of the time of storing.
  tx.run("INSERT INTO imported_flow_hours (flow_id, hour_start_ms, connections) SELECT ?, value ->> 0, value ->> 1 FROM json_each(?)", [lastId, JSON.stringify(flow.hours)]);
}

/** With all of its flows. */
export function deleteFlowSource(tx: WriteDb, id: number): void {
  tx.run('DELETE FROM flow_sources WHERE id = ?', [id]);
}
