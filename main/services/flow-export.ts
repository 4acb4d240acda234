import { setImmediate as letOthersIn } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import type { FlowExportEvent } from '../../shared/contract/flow-pages.ts';
import type { FlowQuery, FlowRow } from '../../shared/contract/views.ts';
import type { DraftVerdict } from '../../shared/model/flow.ts';
import type { BackendContext } from './backend-context.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { fillFeeds, furthest, isAtEnd, openFeeds, positionsOf, takeRows } from './flow-feeds.ts';
import { toFlowFilter } from './flow-filter.ts';
import { createFlowNames } from './flow-names.ts';
import { createRowReader } from './listed-flows.ts';

/** Some 100 KB of text, and some 50 ms of judging by the draft between two turns of others. */
const ROWS_A_PART = 500;

/**
 * All rows that match, newest first, whatever `limit` and `offset` say: a file that silently lacks rows is no evidence. So it reads from a snapshot, or a flow that is seen
 * again meanwhile would move ahead of what was read. RFC 4180 with a header; cells that a spreadsheet would run get a leading quote. Looks at a bounded number of rows at a
 * time and lets other calls in between; leaving ends it.
 * @throws INPUT_INVALID for an end or a service that cannot be read · the signal's reason when it aborts
 */
export async function* exportFlowsCsv(ctx: BackendContext, query: FlowQuery, signal?: AbortSignal): AsyncGenerator<FlowExportEvent, void, void> {
  const compiled = readCompiledDraft(ctx);
  const filter = toFlowFilter(ctx, compiled, query);
  const toRow = createRowReader(ctx, compiled, createFlowNames(compiled));
  const snapshot = ctx.workspace.snapshot();
  try {
    const feeds = openFeeds(snapshot.read, filter, { order: 'newest', cursor: null });
    let rows = 0;
    yield { type: 'part', text: print([COLUMNS]), rows, searchedToMs: null };
    while (!isAtEnd(feeds)) {
      signal?.throwIfAborted();
      ctx.workspace.closing.throwIfAborted();
      const part: FlowRow[] = [];
      fillFeeds(feeds, ROWS_A_PART);
      takeRows(feeds, part, toRow, { limit: ROWS_A_PART, order: 'newest', draft: query.draft });
      rows += part.length;
      yield { type: 'part', text: print(part.map(toRecord)), rows, searchedToMs: furthest(positionsOf(feeds), 'newest') };
      await letOthersIn();
    }
    yield { type: 'done', rows };
  } finally {
    snapshot.close();
  }
}

type Cell = string | number;
const print = (records: readonly (readonly Cell[])[]): string => stringify([...records], { record_delimiter: 'windows', escape_formulas: true });

const COLUMNS = [
  'reporter',
  'direction',
  'peer',
  'peer_address',
  'protocol',
  'port',
  'user',
  'unit',
  'process',
  'process_confidence',
  'zone',
  'verdict',
  'draft_verdict',
  'draft_reason',
  'policy_version',
  'connections',
  'first_seen_utc',
  'last_seen_utc',
  'source',
  'source_format',
  'direction_confidence',
];

function toRecord(row: FlowRow): Cell[] {
  return [
    row.reporterName,
    row.direction,
    row.peerName,
    row.peerAddress,
    row.protocol,
    row.port,
    row.user ?? '',
    row.unit ?? '',
    row.process ?? '',
    row.processConfidence,
    row.zone ?? '',
    row.verdict,
    row.draft.kind,
    reasonOf(row.draft),
    row.policyVersion ?? '',
    row.connections,
    new Date(row.firstSeenAtMs).toISOString(),
    new Date(row.lastSeenAtMs).toISOString(),
    row.origin?.name ?? '',
    row.origin?.format ?? '',
    row.origin?.confidence ?? '',
  ];
}

const reasonOf = (draft: DraftVerdict): string => ('why' in draft ? draft.why : (draft.by ?? 'default'));
