import type { DraftVerdicts, FlowQuery, FlowRow } from '../../shared/contract/views.ts';
import type { DraftKind, DraftVerdict } from '../../shared/model/flow.ts';
import { iterateStoredFlows, type StoredFlow } from '../db/flow-query.ts';
import type { BackendContext } from './backend-context.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { readDraftVerdict } from './draft-verdict.ts';
import { toFlowFilter } from './flow-filter.ts';
import { createFlowNames, peerNameOf } from './flow-names.ts';
import type { ListedFlow, RowReader } from './listed-flows.ts';

type Page = { kinds: readonly DraftKind[]; limit: number; offset: number };

/** A page of the flows with which the draft would do one of these, in their order; `total` counts all of them. Looks at every flow. */
export function pageByDraft(flows: Iterable<ListedFlow>, toRow: RowReader, { kinds, limit, offset }: Page): { rows: FlowRow[]; total: number } {
  const rows: FlowRow[] = [];
  let total = 0;
  for (const flow of flows) {
    const row = toRow(flow);
    if (!kinds.includes(row.draft.kind)) continue;
    if (total >= offset && rows.length < limit) rows.push(row);
    total += 1;
  }
  return { rows, total };
}

const ORDER: readonly DraftKind[] = ['blocked', 'unknown', 'observed', 'allowed'];

/** What the draft would do with every flow that agents recorded in a period, counted by kind and rule; imports are no evidence of what a host does. @throws INPUT_INVALID for an end that cannot be read */
export function countDraftVerdicts(ctx: BackendContext, query: FlowQuery): DraftVerdicts {
  const compiled = readCompiledDraft(ctx);
  const names = createFlowNames(compiled);
  const rows = new Map<string, DraftVerdicts['rows'][number]>();
  for (const flow of iterateStoredFlows(ctx.workspace.read, toFlowFilter(ctx, compiled, query))) {
    const draft = readDraftVerdict(compiled, flow);
    if (query.draft?.includes(draft.kind) === false) continue;
    const [by, key] = [reasonOf(draft), `${draft.kind} ${reasonOf(draft)}`];
    const row = rows.get(key);
    // Newest first, so the first is the last seen.
    if (row === undefined) rows.set(key, { kind: draft.kind, by, flows: 1, connections: flow.connections, lastSeenAtMs: flow.lastSeenAtMs, example: describe(flow) });
    else Object.assign(row, { flows: row.flows + 1, connections: row.connections + flow.connections });
  }
  const sorted = [...rows.values()].toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || b.connections - a.connections || (a.by < b.by ? -1 : 1));
  return { flows: sorted.reduce((sum, row) => sum + row.flows, 0), connections: sorted.reduce((sum, row) => sum + row.connections, 0), rows: sorted };

  function describe({ reporter, direction, peerAddress, protocol, port }: StoredFlow): string {
    const [own, peer] = [names.host(reporter)?.name ?? reporter, peerNameOf(names, peerAddress)];
    return `${direction === 'out' ? `${own} → ${peer}` : `${peer} → ${own}`} ${port === 0 ? protocol : `${protocol}/${port}`}`;
  }
}

const reasonOf = (draft: DraftVerdict): string => ('why' in draft ? draft.why : (draft.by ?? 'default'));
