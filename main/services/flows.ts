import { stringify } from 'csv-stringify/sync';
import type { FlowQuery, FlowRow } from '../../shared/contract/views.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { DraftVerdict } from '../../shared/model/flow.ts';
import { countStoredFlows, iterateStoredFlows, listStoredFlows, type StoredFlow } from '../db/flow-query.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { readDraftVerdict } from './draft-verdict.ts';
import { toFlowFilter } from './flow-filter.ts';
import { createFlowNames, type FlowNames } from './flow-names.ts';
import { readFlow } from './read-flow.ts';

/** A page, newest first; `total` counts all that match. Names are those of now. @throws INPUT_INVALID for an end that cannot be read */
export function listFlows(ctx: BackendContext, query: FlowQuery): { rows: FlowRow[]; total: number } {
  const compiled = readCompiledDraft(ctx);
  const filter = toFlowFilter(ctx, compiled, query);
  const names = createFlowNames(compiled);
  const rows = listStoredFlows(ctx.workspace.read, filter, query).map((flow) => toRow(compiled, names, flow));
  return { rows, total: countStoredFlows(ctx.workspace.read, filter) };
}

const toRow = (compiled: CompiledDraft, names: FlowNames, flow: StoredFlow): FlowRow => ({ ...readFlow(names, flow), draft: readDraftVerdict(compiled, flow) });

const COLUMNS = [
  'reporter',
  'direction',
  'peer',
  'peer_address',
  'protocol',
  'port',
  'user',
  'unit',
  'zone',
  'verdict',
  'draft_verdict',
  'draft_reason',
  'policy_version',
  'connections',
  'first_seen_utc',
  'last_seen_utc',
];

/** More would not fit into one string: whoever has them exports a period at a time. */
const MAX_CSV_ROWS = 1_000_000;

/**
 * All rows that match, whatever `limit` and `offset` say: a file that silently lacks rows is no evidence. RFC 4180 with a header; cells
 * that a spreadsheet would run get a leading quote. @throws INPUT_INVALID when more than a million match
 */
export function exportFlowsCsv(ctx: BackendContext, query: FlowQuery): { text: string; rows: number } {
  const compiled = readCompiledDraft(ctx);
  const names = createFlowNames(compiled);
  const records: (string | number)[][] = [];
  for (const flow of iterateStoredFlows(ctx.workspace.read, toFlowFilter(ctx, compiled, query))) {
    if (records.length >= MAX_CSV_ROWS) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'since', message: `more than ${MAX_CSV_ROWS} flows match; export a shorter period at a time` }] });
    records.push(toRecord(toRow(compiled, names, flow)));
  }
  const text = stringify([COLUMNS, ...records], { record_delimiter: 'windows', escape_formulas: true });
  return { text, rows: records.length };
}

function toRecord(row: FlowRow): (string | number)[] {
  return [
    row.reporterName,
    row.direction,
    row.peerName,
    row.peerAddress,
    row.protocol,
    row.port,
    row.user ?? '',
    row.unit ?? '',
    row.zone ?? '',
    row.verdict,
    row.draft.kind,
    reasonOf(row.draft),
    row.policyVersion ?? '',
    row.connections,
    new Date(row.firstSeenAtMs).toISOString(),
    new Date(row.lastSeenAtMs).toISOString(),
  ];
}

const reasonOf = (draft: DraftVerdict): string => ('why' in draft ? draft.why : (draft.by ?? 'default'));
