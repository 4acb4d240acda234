import { z } from 'zod';
import { DirectionBasis } from '../../shared/model/flow-source.ts';
import { type FlowFilter, IN_LIST, likePattern, type Where } from './flow-query.ts';
import { hourOf } from './recording-store.ts';
import { serviceSql } from './service-sql.ts';
import type { ReadDb, SqlValue } from './sql.ts';

/** One imported conversation, between addresses. `connections` counts the hours within the filter's window only. */
export type ImportedFlow = {
  id: number;
  source: number;
  consumer: string;
  provider: string;
  protocol: string;
  port: number;
  verdict: 'accepted' | 'blocked';
  basis: DirectionBasis;
  answered: boolean;
  connections: number;
  firstSeenAtMs: number;
  lastSeenAtMs: number;
};

const Row = z.object({
  id: z.number(),
  source_id: z.number(),
  consumer_address: z.string(),
  provider_address: z.string(),
  protocol: z.string(),
  port: z.number(),
  verdict: z.enum(['accepted', 'blocked']),
  basis: DirectionBasis,
  answered: z.number(),
  connections: z.number(),
  first_seen_at_ms: z.number(),
  last_seen_at_ms: z.number(),
});

function toFlow(raw: unknown): ImportedFlow {
  const { source_id: source, consumer_address: consumer, provider_address: provider, first_seen_at_ms: firstSeenAtMs, last_seen_at_ms: lastSeenAtMs, answered, ...rest } = Row.parse(raw);
  return { ...rest, source, consumer, provider, answered: answered === 1, firstSeenAtMs, lastSeenAtMs };
}

/** Of the ends of a filter only the addresses count: these flows have no reporter, and neither user nor unit. */
export function importedWhere(filter: FlowFilter): Where {
  const parts: string[] = [];
  const params: Record<string, SqlValue> = {};
  if (filter.sinceMs !== null) parts.push('last_seen_at_ms >= :sinceMs');
  if (filter.untilMs !== null) parts.push('first_seen_at_ms <= :untilMs');
  if (filter.sinceMs !== null) params.sinceMs = filter.sinceMs;
  if (filter.untilMs !== null) params.untilMs = filter.untilMs;
  if (filter.verdict !== null) {
    parts.push(`verdict IN ${IN_LIST('verdicts')}`);
    params.verdicts = JSON.stringify(filter.verdict);
  }
  for (const [column, end] of [['consumer', filter.consumer] as const, ['provider', filter.provider] as const]) {
    if (end === null) continue;
    parts.push(`${column}_address IN ${IN_LIST(column)}`);
    params[column] = JSON.stringify(end.addresses);
  }
  if (filter.text !== null) {
    parts.push(`(consumer_address LIKE :pattern ESCAPE '\\' OR provider_address LIKE :pattern ESCAPE '\\' OR protocol || '/' || port LIKE :pattern ESCAPE '\\'
      OR consumer_address IN ${IN_LIST('named')} OR provider_address IN ${IN_LIST('named')} OR source_id IN (SELECT id FROM flow_sources WHERE name LIKE :pattern ESCAPE '\\'))`);
    Object.assign(params, { pattern: likePattern(filter.text), named: JSON.stringify(filter.textEnds?.addresses ?? []) });
  }
  if (filter.services !== undefined) parts.push(serviceSql(filter.services));
  if (filter.users !== undefined || filter.units !== undefined) parts.push('0');
  return { sql: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, params };
}

const COLUMNS = 'id, source_id, consumer_address, provider_address, protocol, port, verdict, basis, answered, first_seen_at_ms, last_seen_at_ms';

/** Within a window only its hours count. */
function connectionsSql(filter: FlowFilter, params: Where['params']): string {
  if (filter.sinceMs === null && filter.untilMs === null) return 'connections';
  Object.assign(params, { fromHourMs: filter.sinceMs === null ? 0 : hourOf(filter.sinceMs), toHourMs: filter.untilMs ?? Number.MAX_SAFE_INTEGER });
  return '(SELECT coalesce(sum(h.connections), 0) FROM imported_flow_hours h WHERE h.flow_id = imported_flows.id AND h.hour_start_ms BETWEEN :fromHourMs AND :toHourMs)';
}

/** SQL and parameters of the list, so that a test can pin its query plan. */
export function importedListSql(filter: FlowFilter): Where {
  const { sql, params } = importedWhere(filter);
  return { sql: `SELECT ${COLUMNS}, ${connectionsSql(filter, params)} AS connections FROM imported_flows ${sql} ORDER BY last_seen_at_ms DESC, id DESC`, params };
}

/** Those of these ids, in no order; of the filter only the window counts. */
export function readImportedFlows(db: ReadDb, filter: FlowFilter, ids: readonly number[]): ImportedFlow[] {
  const params: Where['params'] = { ids: JSON.stringify(ids) };
  return db.all(`SELECT ${COLUMNS}, ${connectionsSql(filter, params)} AS connections FROM imported_flows WHERE id IN ${IN_LIST('ids')}`, params).map(toFlow);
}

/** Newest first, one by one. */
export function* iterateImportedFlows(db: ReadDb, filter: FlowFilter): Generator<ImportedFlow, void, void> {
  const { sql, params } = importedListSql(filter);
  for (const row of db.iterate(sql, params)) yield toFlow(row);
}

export function countImportedFlows(db: ReadDb, filter: FlowFilter): number {
  const { sql, params } = importedWhere(filter);
  return z.object({ n: z.number() }).parse(db.one(`SELECT count(*) AS n FROM imported_flows ${sql}`, params)).n;
}

/**
 * Conversations that several sources may tell, each once: of every hour the source that tells it most. What was refused stays apart.
 * `source` is the newest that tells it; `basis` the surest.
 */
export function* iterateJoinedImports(db: ReadDb, sinceMs: number | null): Generator<ImportedFlow, void, void> {
  for (const row of db.iterate(JOINED_IMPORTS_SQL, { sinceMs: sinceMs ?? 0, fromHourMs: sinceMs === null ? 0 : hourOf(sinceMs) })) yield toFlow(row);
}

export const JOINED_IMPORTS_SQL = `SELECT max(f.id) AS id, max(f.source_id) AS source_id, f.consumer_address, f.provider_address, f.protocol, f.port, f.verdict, max(f.answered) AS answered,
      (SELECT b.basis FROM imported_flows b WHERE b.provider_address = f.provider_address AND b.consumer_address = f.consumer_address AND b.protocol = f.protocol AND b.port = f.port AND b.verdict = f.verdict
       ORDER BY instr('${DirectionBasis.options.join(' ')}', b.basis) LIMIT 1) AS basis,
      (SELECT coalesce(sum(most), 0) FROM (SELECT max(h.connections) AS most FROM imported_flows g JOIN imported_flow_hours h ON h.flow_id = g.id
        WHERE g.provider_address = f.provider_address AND g.consumer_address = f.consumer_address AND g.protocol = f.protocol AND g.port = f.port AND g.verdict = f.verdict AND h.hour_start_ms >= :fromHourMs
        GROUP BY h.hour_start_ms)) AS connections,
      min(f.first_seen_at_ms) AS first_seen_at_ms, max(f.last_seen_at_ms) AS last_seen_at_ms
    FROM imported_flows f WHERE f.last_seen_at_ms >= :sinceMs GROUP BY f.provider_address, f.consumer_address, f.protocol, f.port, f.verdict`;

const AddressRow = z.object({ address: z.string() });

/** Every address of an imported flow, each once. */
export function listImportedAddresses(db: ReadDb): string[] {
  const rows = db.all('SELECT consumer_address AS address FROM imported_flows UNION SELECT provider_address FROM imported_flows');
  return rows.map((raw) => AddressRow.parse(raw).address);
}
