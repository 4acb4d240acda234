import { setImmediate as letOthersIn } from 'node:timers/promises';
import type { FlowCount, FlowCountQuery, FlowPage, FlowPageQuery } from '../../shared/contract/flow-pages.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { agoText } from '../../shared/text/ago-text.ts';
import type { BackendContext } from './backend-context.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { fillFeeds, furthest, isAtEnd, openFeeds, placeOf, positionsOf, takeRows } from './flow-feeds.ts';
import { toFlowFilter } from './flow-filter.ts';
import { createFlowNames } from './flow-names.ts';
import { createRowReader } from './listed-flows.ts';

/** One answer takes no longer than this and one slice. */
const ANSWER_MS = 120;
/** Counting goes on for so long, with others let in between. */
const COUNT_MS = 1500;
/** Beyond it a count says no more than that there are more. */
export const MOST_COUNTED = 10_000;

/**
 * The next rows of a list over any number of flows. Looks at a bounded number of rows at a time, lets other calls in between, and answers with what it has when its time is over.
 * @throws INPUT_INVALID for an end or a service that cannot be read, and for the busiest within a window · the signal's reason when it aborts
 */
export async function readFlowPage(ctx: BackendContext, query: FlowPageQuery, signal?: AbortSignal): Promise<FlowPage> {
  if (query.order === 'busiest' && (query.sinceMs !== null || query.untilMs !== null)) {
    throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'order', message: 'connections are only kept in order over all time; choose “All that is stored”, or order by time' }] });
  }
  const compiled = readCompiledDraft(ctx);
  const filter = toFlowFilter(ctx, compiled, query);
  const toRow = createRowReader(ctx, compiled, createFlowNames(compiled, (atMs) => agoText(atMs, ctx.nowMs())));
  const feeds = openFeeds(ctx.workspace.read, filter, query);
  const rows: FlowPage['rows'] = [];
  const endsAtMs = performance.now() + ANSWER_MS;
  do {
    signal?.throwIfAborted();
    fillFeeds(feeds, query.limit);
    takeRows(feeds, rows, toRow, query);
    if (rows.length >= query.limit || isAtEnd(feeds)) break;
    await letOthersIn();
  } while (performance.now() < endsAtMs);
  const [recorded = 'end', imported = 'end'] = positionsOf(feeds);
  const isEnd = recorded === 'end' && imported === 'end';
  return { rows, next: isEnd ? null : { recorded, imported }, searchedTo: isEnd ? null : furthest([recorded, imported], query.order) };
}

/** How many match, up to 10,000 and as far as can be told in a second and a half. What the draft would do is not counted. @throws INPUT_INVALID · the signal's reason when it aborts */
export async function countFlowPage(ctx: BackendContext, query: FlowCountQuery, signal?: AbortSignal): Promise<FlowCount> {
  // Asked beside the first page, whose rows somebody waits for: they go out before this begins.
  await letOthersIn();
  signal?.throwIfAborted();
  const filter = toFlowFilter(ctx, readCompiledDraft(ctx), query);
  const endsAtMs = performance.now() + COUNT_MS;
  let count = 0;
  for (const { scan, scanned } of openFeeds(ctx.workspace.read, filter, { order: 'newest', cursor: null })) {
    let position = scanned;
    while (position !== 'end') {
      signal?.throwIfAborted();
      const part = scan.count(placeOf(position), MOST_COUNTED + 1 - count);
      count += part.count;
      position = part.scannedTo ?? 'end';
      if (count > MOST_COUNTED) return { count: MOST_COUNTED, isExact: false };
      if (position !== 'end' && performance.now() > endsAtMs) return { count, isExact: false };
      await letOthersIn();
    }
  }
  return { count, isExact: query.draft == null };
}
