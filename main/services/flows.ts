import type { FlowQuery, FlowRow } from '../../shared/contract/views.ts';
import { type FlowFilter, listStoredFlows } from '../db/flow-query.ts';
import { hasFlowSources } from '../db/flow-source-store.ts';
import type { BackendContext } from './backend-context.ts';
import { agoText } from '../../shared/text/ago-text.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { pageByDraft } from './flow-drafts.ts';
import { toFlowFilter } from './flow-filter.ts';
import { createFlowNames } from './flow-names.ts';
import { countListedFlows, createRowReader, iterateListedFlows, type ListedFlow } from './listed-flows.ts';

/** A page, newest first; `total` counts all that match. Names are those of now. @throws INPUT_INVALID for an end that cannot be read */
export function listFlows(ctx: BackendContext, query: FlowQuery): { rows: FlowRow[]; total: number } {
  const compiled = readCompiledDraft(ctx);
  const filter = toFlowFilter(ctx, compiled, query);
  const names = createFlowNames(compiled, (atMs) => agoText(atMs, ctx.nowMs()));
  const toRow = createRowReader(ctx, compiled, names);
  if (query.draft != null) {
    return pageByDraft(iterateListedFlows(ctx, filter), toRow, { kinds: query.draft, limit: query.limit, offset: query.offset });
  }
  return { rows: readPage(ctx, filter, query).map(toRow), total: countListedFlows(ctx, filter) };
}

/** Without sources the database cuts the page; with them both lists are walked from their beginnings. */
function readPage(ctx: BackendContext, filter: FlowFilter, page: { limit: number; offset: number }): ListedFlow[] {
  if (!hasFlowSources(ctx.workspace.read)) return listStoredFlows(ctx.workspace.read, filter, page).map((recorded) => ({ recorded, imported: null }));
  const flows: ListedFlow[] = [];
  let place = 0;
  for (const flow of iterateListedFlows(ctx, filter)) {
    if (place >= page.offset) flows.push(flow);
    place += 1;
    if (place >= page.offset + page.limit) break;
  }
  return flows;
}
