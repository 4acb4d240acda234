import { stringify } from 'csv-stringify/sync';
import type { MatrixPermit } from '../../shared/contract/reach-views.ts';
import type { BackendContext } from './backend-context.ts';
import { readMatrix } from './matrix.ts';

const COLUMNS = ['from', 'to', 'seen_connections', 'seen_services', 'seen_worst_verdict', 'last_seen', 'live', 'live_services', 'live_rules', 'draft', 'draft_services', 'draft_rules'];

/** One line a cell. RFC 4180 with a header; cells that a spreadsheet would run get a leading quote. */
export function exportMatrixCsv(ctx: BackendContext, sinceMs: number | null): string {
  const { ends, cells } = readMatrix(ctx, sinceMs);
  const names = new Map(ends.map(({ key, name }) => [key, name]));
  const records = cells.map(({ from, to, seen, live, draft }) => [
    names.get(from) ?? from,
    names.get(to) ?? to,
    seen.connections,
    seen.services,
    seen.worst ?? '',
    seen.lastSeenAtMs === null ? '' : new Date(seen.lastSeenAtMs).toISOString(),
    ...ofPermit(live),
    ...ofPermit(draft),
  ]);
  return stringify([COLUMNS, ...records], { record_delimiter: 'windows', escape_formulas: true });
}

const ofPermit = ({ kind, wouldBlock, count, services, rules }: MatrixPermit): (string | number)[] => [
  wouldBlock ? `${kind} (some only because an end tests)` : kind,
  `${services.join(' ')}${count > services.length ? ` +${count - services.length}` : ''}`,
  rules,
];
