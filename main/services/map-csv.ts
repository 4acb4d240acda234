import { stringify } from 'csv-stringify/sync';
import type { MapQuery } from '../../shared/contract/map-query.ts';
import type { BackendContext } from './backend-context.ts';
import { readMap } from './map-view.ts';

const COLUMNS = ['from', 'from_kind', 'from_zone', 'to', 'to_kind', 'to_zone', 'protocol', 'port', 'live_verdict', 'draft_verdict', 'conversations', 'of_these_judged_otherwise', 'connections', 'users', 'units', 'processes', 'imported_from', 'first_seen_utc', 'last_seen_utc'];

/** One row for each service between two nodes as they are shown, what is told by badges too. RFC 4180 with a header; cells that a spreadsheet would run get a leading quote. @throws INPUT_INVALID as `readMap` does */
export function exportMapCsv(ctx: BackendContext, query: MapQuery): { text: string; rows: number } {
  const { nodes, edges } = readMap(ctx, { ...query, foldHubs: false });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const end = (id: string) => {
    const node = byId.get(id);
    return [node?.label ?? id, node?.kind ?? '', node?.zone ?? ''];
  };
  const records = edges.map((edge) => [
    ...end(edge.source),
    ...end(edge.target),
    edge.protocol,
    edge.port,
    edge.verdict,
    edge.draft,
    edge.pairs,
    edge.differing,
    edge.connections,
    edge.users.join(' '),
    edge.units.join(' '),
    edge.processes.join(' '),
    edge.sources.join(' '),
    new Date(edge.firstSeenAtMs).toISOString(),
    new Date(edge.lastSeenAtMs).toISOString(),
  ]);
  return { text: stringify([COLUMNS, ...records], { record_delimiter: 'windows', escape_formulas: true }), rows: records.length };
}
