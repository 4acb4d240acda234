import { z } from 'zod';
import { FlowDirection, FlowVerdict, ProcessConfidence } from '../../shared/model/flow.ts';
import { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import type { ServiceEntry } from '../../shared/model/service.ts';
import { serviceSql } from './service-sql.ts';
import { hourOf } from './recording-store.ts';
import type { ReadDb, SqlValue } from './sql.ts';

/** One end of a conversation as the database knows it: the hosts that report it, and the addresses under which others see it. Both empty: matches nothing. */
export type FlowEnd = { reporters: readonly HostId[]; addresses: readonly string[] };

/** `peers` null: too many to be named. */
export type TextValues = { peers: readonly string[] | null; users: readonly string[]; units: readonly string[]; zones: readonly string[]; /** As `tcp/443`. */ services: readonly string[] };

/** null: no filter. `text` is matched literally, in any case. `textEnds`: hosts and addresses whose *names* contain the text. */
export type FlowFilter = {
  sinceMs: number | null;
  untilMs: number | null;
  verdict: readonly FlowVerdict[] | null;
  consumer: FlowEnd | null;
  provider: FlowEnd | null;
  text: string | null;
  textEnds: FlowEnd | null;
  /** The stored values that contain the text, where somebody has looked: rows are then compared with these, and not with the text in each of their columns. */
  textValues?: TextValues;
  /** Left out: no filter. Empty lists match nothing. */
  services?: readonly ServiceEntry[];
  /** User names and units as they are stored. */
  users?: readonly string[];
  units?: readonly string[];
};

/** A stored aggregate; `connections` counts the hours within the filter's window only. */
export type StoredFlow = {
  id: number;
  reporter: HostId;
  direction: FlowDirection;
  peerAddress: string;
  forwardTo: string | null;
  protocol: string;
  port: number;
  user: string | null;
  unit: string | null;
  process: string | null;
  processConfidence: ProcessConfidence;
  zone: string | null;
  verdict: FlowVerdict;
  policyVersion: PolicyVersionId | null;
  connections: number;
  firstSeenAtMs: number;
  lastSeenAtMs: number;
};

const Row = z.object({
  id: z.number(),
  reporter: HostId,
  direction: FlowDirection,
  peer_address: z.string(),
  forward_to: z.string(),
  protocol: z.string(),
  port: z.number(),
  user_name: z.string(),
  unit: z.string(),
  process: z.string(),
  process_confidence: ProcessConfidence,
  zone: z.string(),
  verdict: FlowVerdict,
  policy_version: z.number(),
  connections: z.number(),
  first_seen_at_ms: z.number(),
  last_seen_at_ms: z.number(),
});

const orNull = (text: string): string | null => (text === '' ? null : text);

export function toStoredFlow(raw: unknown): StoredFlow {
  const r = Row.parse(raw);
  return {
    id: r.id,
    reporter: r.reporter,
    direction: r.direction,
    peerAddress: r.peer_address,
    forwardTo: orNull(r.forward_to),
    protocol: r.protocol,
    port: r.port,
    user: orNull(r.user_name),
    unit: orNull(r.unit),
    process: orNull(r.process),
    processConfidence: r.process_confidence,
    zone: orNull(r.zone),
    verdict: r.verdict,
    policyVersion: r.policy_version === 0 ? null : PolicyVersionId.parse(r.policy_version),
    connections: r.connections,
    firstSeenAtMs: r.first_seen_at_ms,
    lastSeenAtMs: r.last_seen_at_ms,
  };
}

/** Whether a column has one of the values of a JSON list, as it stands behind IN. For queries of other files, too. */
export const IN_LIST = (name: string) => `(SELECT value FROM json_each(:${name}))`;
/** Contains the text as it is: none of its characters means another; for LIKE … ESCAPE '\'. */
export const likePattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, (c) => `\\${c}`)}%`;

/** The reporter is the consumer of what goes out and the provider of what comes in; of a forwarded flow it is neither. */
const CONSUMER_SQL = `((direction = 'out' AND reporter IN ${IN_LIST('consumers')}) OR (direction <> 'out' AND peer_address IN ${IN_LIST('consumerAddresses')}))`;
const PROVIDER_SQL = `((direction = 'in' AND reporter IN ${IN_LIST('providers')}) OR (direction = 'out' AND peer_address IN ${IN_LIST('providerAddresses')})
  OR (direction = 'forward' AND forward_to IN ${IN_LIST('providerAddresses')}))`;
const TEXT_SQL = `(peer_address LIKE :pattern ESCAPE '\\' OR user_name LIKE :pattern ESCAPE '\\' OR unit LIKE :pattern ESCAPE '\\' OR zone LIKE :pattern ESCAPE '\\'
  OR protocol || '/' || port LIKE :pattern ESCAPE '\\' OR reporter IN ${IN_LIST('textReporters')} OR peer_address IN ${IN_LIST('textAddresses')} OR forward_to IN ${IN_LIST('textAddresses')})`;

type Add = (sql: string, more: Record<string, SqlValue>) => void;

/** What no stored value has is not looked for in any row: most texts are of one column. */
function addText(text: string, { textEnds, textValues }: FlowFilter, add: Add): void {
  const { reporters, addresses } = textEnds ?? { reporters: [], addresses: [] };
  if (textValues === undefined) {
    add(TEXT_SQL, { pattern: likePattern(text), textReporters: JSON.stringify(reporters), textAddresses: JSON.stringify(addresses) });
    return;
  }
  const { peers, users, units, zones, services } = textValues;
  const lists = { textPeers: [...(peers ?? []), ...addresses], textForwards: addresses, textReporters: reporters, textUsers: users, textUnits: units, textZones: zones, textServices: services };
  const columns: Readonly<Record<keyof typeof lists, string>> = { textPeers: 'peer_address', textForwards: 'forward_to', textReporters: 'reporter', textUsers: 'user_name', textUnits: 'unit', textZones: 'zone', textServices: "protocol || '/' || port" };
  const some = (Object.keys(lists) as (keyof typeof lists)[]).filter((name) => lists[name].length > 0);
  const tests = [...some.map((name) => `${columns[name]} IN ${IN_LIST(name)}`), ...(peers === null ? [`peer_address LIKE :pattern ESCAPE '\\'`] : [])];
  add(tests.length === 0 ? '0' : `(${tests.join(' OR ')})`, { ...Object.fromEntries(some.map((name) => [name, JSON.stringify(lists[name])])), ...(peers === null ? { pattern: likePattern(text) } : {}) });
}

export type Where = { sql: string; params: Record<string, SqlValue> };

/** The rows of a filter; `sql` is empty where all of them are meant. */
export function flowWhere(filter: FlowFilter): Where {
  const parts: string[] = [];
  const params: Record<string, SqlValue> = {};
  const add = (sql: string, more: Record<string, SqlValue>) => {
    parts.push(sql);
    Object.assign(params, more);
  };
  if (filter.sinceMs !== null) add('last_seen_at_ms >= :sinceMs', { sinceMs: filter.sinceMs });
  if (filter.untilMs !== null) add('first_seen_at_ms <= :untilMs', { untilMs: filter.untilMs });
  if (filter.verdict !== null) {
    const names = filter.verdict.map((_, i) => `:verdict${i}`);
    add(`verdict IN (${names.join(', ')})`, Object.fromEntries(filter.verdict.map((v, i) => [`verdict${i}`, v])));
  }
  if (filter.consumer !== null)
    add(CONSUMER_SQL, { consumers: JSON.stringify(filter.consumer.reporters), consumerAddresses: JSON.stringify(filter.consumer.addresses) });
  if (filter.provider !== null)
    add(PROVIDER_SQL, { providers: JSON.stringify(filter.provider.reporters), providerAddresses: JSON.stringify(filter.provider.addresses) });
  if (filter.text !== null) addText(filter.text, filter, add);
  if (filter.services !== undefined) add(serviceSql(filter.services), {});
  if (filter.users !== undefined) add(`user_name IN ${IN_LIST('users')}`, { users: JSON.stringify(filter.users) });
  if (filter.units !== undefined) add(`unit IN ${IN_LIST('units')}`, { units: JSON.stringify(filter.units) });
  return { sql: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, params };
}

/** All but `connections`, for queries of other files. */
export const FLOW_COLUMNS =
  'id, reporter, direction, peer_address, forward_to, protocol, port, user_name, unit, process, process_confidence, zone, verdict, policy_version, first_seen_at_ms, last_seen_at_ms';

/**
 * Within a window only its hours count, else the aggregate's own sum. The window is cut at whole hours. A flow that was seen in the window alone has its own sum there, too (the hours of a flow add up to it: flow-store.ts),
 * which saves looking for its hours: about half of the time in which SQLite reads tens of thousands of flows.
 */
function connectionsSql(filter: FlowFilter, params: Record<string, SqlValue>): string {
  if (filter.sinceMs === null && filter.untilMs === null) return 'connections';
  params.fromHourMs = filter.sinceMs === null ? 0 : hourOf(filter.sinceMs);
  params.toHourMs = filter.untilMs === null ? Number.MAX_SAFE_INTEGER : filter.untilMs;
  return `CASE WHEN first_seen_at_ms >= :fromHourMs AND last_seen_at_ms <= :toHourMs THEN connections
    ELSE (SELECT coalesce(sum(h.connections), 0) FROM flow_hours h WHERE h.flow_id = flows.id AND h.hour_start_ms BETWEEN :fromHourMs AND :toHourMs) END`;
}

/** SQL and parameters of the list, so that a test can pin its query plan. */
export function flowListSql(filter: FlowFilter): { sql: string; params: Record<string, SqlValue> } {
  const { sql, params } = flowWhere(filter);
  const connections = connectionsSql(filter, params);
  return { sql: `SELECT ${FLOW_COLUMNS}, ${connections} AS connections FROM flows ${sql} ORDER BY last_seen_at_ms DESC, id DESC`, params };
}

/** Newest first. */
export function listStoredFlows(db: ReadDb, filter: FlowFilter, page: { limit: number; offset: number }): StoredFlow[] {
  const { sql, params } = flowListSql(filter);
  return db.all(`${sql} LIMIT :limit OFFSET :offset`, { ...params, limit: page.limit, offset: page.offset }).map(toStoredFlow);
}

/** Those of these ids, in no order; of the filter only the window counts. */
export function readStoredFlows(db: ReadDb, filter: FlowFilter, ids: readonly number[]): StoredFlow[] {
  const params: Where['params'] = { ids: JSON.stringify(ids) };
  const connections = connectionsSql(filter, params);
  return db.all(`SELECT ${FLOW_COLUMNS}, ${connections} AS connections FROM flows WHERE id IN ${IN_LIST('ids')}`, params).map(toStoredFlow);
}

/** The same rows one by one, for what looks at all of them. */
export function* iterateStoredFlows(db: ReadDb, filter: FlowFilter): Generator<StoredFlow, void, void> {
  const { sql, params } = flowListSql(filter);
  for (const row of db.iterate(sql, params)) yield toStoredFlow(row);
}

/** Whether more than so many flows were seen since then; looks at no more than that. */
export function hasMoreFlowsSince(db: ReadDb, sinceMs: number, many: number): boolean {
  const { n } = z.object({ n: z.number() }).parse(db.one('SELECT count(*) AS n FROM (SELECT 1 FROM flows WHERE last_seen_at_ms >= ? LIMIT ?)', [sinceMs, many + 1]));
  return n > many;
}

export function countStoredFlows(db: ReadDb, filter: FlowFilter): number {
  const { sql, params } = flowWhere(filter);
  return z.object({ n: z.number() }).parse(db.one(`SELECT count(*) AS n FROM flows ${sql}`, params)).n;
}

/** Every address that occurs as a peer or as the destination of a forwarded flow, each once; read from indexes alone. */
export function listPeerAddresses(db: ReadDb): string[] {
  return db.all(PEER_ADDRESSES_SQL).map((raw) => z.object({ address: z.string() }).parse(raw).address);
}

export const PEER_ADDRESSES_SQL = "SELECT peer_address AS address FROM flows UNION SELECT forward_to FROM flows WHERE direction = 'forward'";
