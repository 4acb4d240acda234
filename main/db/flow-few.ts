import { z } from 'zod';
import type { ServiceEntry } from '../../shared/model/service.ts';
import type { FlowEnd, FlowFilter, Where } from './flow-query.ts';
import { listFlowServices, listFlowValues, type SeenService, findKnownPeers } from './flow-values.ts';
import { protocolNames } from './service-sql.ts';
import type { ReadDb } from './sql.ts';

/** Up to so many candidates are looked at one by one; beyond that a walk in the order of the list finds a page sooner. */
export const FEW = 20_000;
/** So few that looking for fewer takes longer than it saves. */
const VERY_FEW = 500;

const CountRow = z.object({ n: z.number() });

/** Statements that give the ids of candidates, from indexes alone, and together leave out no row of the filter's. */
type Candidates = { readonly parts: readonly string[]; readonly params: Where['params'] };

/** Ids of rows that include all of the filter's, when some part of it is met by few rows only; undefined where none is. Costs some 20,000 steps in an index for each part of the filter. */
export function findFewFlows(db: ReadDb, filter: FlowFilter, few = FEW): Where | undefined {
  let best: { where: Where; count: number } | undefined;
  for (const { parts, params } of candidatesOf(db, filter)) {
    const where: Where = { sql: parts.join(' UNION ALL '), params: { ...params, fewSinceMs: filter.sinceMs ?? 0 } };
    const count = parts.length === 0 ? 0 : CountRow.parse(db.one(`SELECT count(*) AS n FROM (SELECT 1 FROM (${where.sql}) LIMIT ${few + 1})`, where.params)).n;
    if (count <= few && count < (best?.count ?? Number.POSITIVE_INFINITY)) best = { where: parts.length === 0 ? { sql: 'SELECT id FROM flows WHERE 0', params: {} } : where, count };
    if (best !== undefined && best.count <= VERY_FEW) break;
  }
  return best?.where;
}

function* candidatesOf(db: ReadDb, filter: FlowFilter): Generator<Candidates, void, void> {
  if (filter.consumer !== null && filter.provider !== null) {
    const both = between(filter.consumer, filter.provider);
    if (both !== null) yield both;
  }
  if (filter.users !== undefined) yield valuesIn('flows_by_user', 'user_name', 'fewUsers', filter.users);
  if (filter.units !== undefined) yield valuesIn('flows_by_unit', 'unit', 'fewUnits', filter.units);
  const { services } = filter;
  if (services !== undefined) yield ofServices(listFlowServices(db).filter((seen) => services.some((entry) => isOf(entry, seen))), 'fewServices');
  if (filter.consumer !== null) yield endsIn('fewConsumers', filter.consumer);
  if (filter.provider !== null) yield joined([endsIn('fewProviders', filter.provider), forwardedTo('fewProviders')]);
  if (filter.text !== null) yield containing(db, filter.text, filter.textEnds ?? { reporters: [], addresses: [] });
  if (filter.verdict !== null) yield valuesIn('flows_by_verdict', 'verdict', 'fewVerdicts', filter.verdict);
}

const joined = (all: readonly Candidates[]): Candidates => ({ parts: all.flatMap(({ parts }) => parts), params: Object.fromEntries(all.flatMap(({ params }) => Object.entries(params))) });

/** CROSS JOIN keeps SQLite to one search a value. */
const search = (index: string, on: string, list: string): string =>
  `SELECT f.id FROM json_each(:${list}) j CROSS JOIN flows f INDEXED BY ${index} ON ${on} WHERE f.last_seen_at_ms >= :fewSinceMs`;

const valuesIn = (index: string, column: string, name: string, values: readonly string[]): Candidates => ({ parts: [search(index, `f.${column} = j.value`, name)], params: { [name]: JSON.stringify(values) } });

const endsIn = (name: string, { reporters, addresses }: FlowEnd): Candidates =>
  joined([valuesIn('flows_by_reporter', 'reporter', `${name}Reporters`, reporters), valuesIn('flows_by_peer', 'peer_address', `${name}Addresses`, addresses)]);

/** Of a forwarded flow the provider is neither the reporter nor the peer. */
const forwardedTo = (name: string): Candidates => ({
  parts: [`SELECT f.id FROM json_each(:${name}Addresses) j CROSS JOIN flows f INDEXED BY flows_by_forward ON f.forward_to = j.value AND f.direction = 'forward'`],
  params: {},
});

const isOf = (entry: ServiceEntry, { protocol, port }: SeenService): boolean => protocolNames(entry).includes(protocol) && (entry.kind === 'icmp' || (entry.from <= port && port <= entry.to));

/** More searches for one reporter and one peer than this take longer than a walk. */
const MOST_PAIRS = 20_000;

/** What hosts of one end report of the other. Each end alone may be met by a million rows, and a walk for the few that meet both would look at all of them. null where there are too many pairs. */
function between(consumer: FlowEnd, provider: FlowEnd): Candidates | null {
  if (consumer.reporters.length * provider.addresses.length + provider.reporters.length * consumer.addresses.length > MOST_PAIRS) return null;
  const reported = (direction: 'out' | 'in', reporters: string, addresses: string) =>
    `SELECT f.id FROM json_each(:${reporters}) r CROSS JOIN json_each(:${addresses}) a CROSS JOIN flows f INDEXED BY sqlite_autoindex_flows_1
     ON f.reporter = r.value AND f.direction = '${direction}' AND f.peer_address = a.value WHERE f.last_seen_at_ms >= :fewSinceMs`;
  const params = {
    fewPairConsumers: JSON.stringify(consumer.reporters),
    fewPairConsumerAddresses: JSON.stringify(consumer.addresses),
    fewPairProviders: JSON.stringify(provider.reporters),
    fewPairProviderAddresses: JSON.stringify(provider.addresses),
  };
  return joined([
    { parts: [reported('out', 'fewPairConsumers', 'fewPairProviderAddresses'), reported('in', 'fewPairProviders', 'fewPairConsumerAddresses')], params },
    { ...forwardedTo('fewPairProvider'), params: {} },
  ]);
}

/** Every value of an indexed column that contains the text, and the rows that have one. */
function containing(db: ReadDb, text: string, named: FlowEnd): Candidates {
  const has = (value: string) => value.toLowerCase().includes(text.toLowerCase());
  const addresses = [...new Set([...findKnownPeers(db, text, FEW + 1), ...named.addresses])];
  const services = listFlowServices(db).filter(({ protocol, port }) => has(`${protocol}/${port}`));
  const ofColumn = (column: 'user_name' | 'unit' | 'zone', index: string, name: string) => valuesIn(index, column, name, listFlowValues(db, column).filter(has));
  return joined([
    endsIn('fewText', { reporters: named.reporters, addresses }),
    { ...forwardedTo('fewText'), params: {} },
    ofColumn('user_name', 'flows_by_user', 'fewTextUsers'),
    ofColumn('unit', 'flows_by_unit', 'fewTextUnits'),
    ofColumn('zone', 'flows_by_zone', 'fewTextZones'),
    ofServices(services, 'fewTextServices'),
  ]);
}

const ofServices = (services: readonly SeenService[], name: string): Candidates => ({
  parts: [search('flows_by_service', "f.port = j.value ->> 'port' AND f.protocol = j.value ->> 'protocol'", name)],
  params: { [name]: JSON.stringify(services) },
});
