import type { HostId } from '../../shared/model/ids.ts';
import type { BackendContext } from './backend-context.ts';
import { type DrainBudget, type IngestResult, ingestDrain, newDrainBudget, readDrainCursor } from './ingest.ts';

/** So many lines are stored in one go; a snapshot of a busy host takes a few milliseconds. */
const CHUNK_LINES = 20;

/** `isCut`: the drain's budget was used up, so that lines may be left; the next drain fetches them again. */
export type DrainedLines = IngestResult & { isCut: boolean };

/**
 * `ingestDrain` in small parts, with a turn of the event loop between them: what a host sends in one drain does not keep the console from
 * answering others. `signal` stops it between two parts; what was stored stays.
 */
export async function ingestInParts(ctx: BackendContext, host: HostId, lines: readonly string[], signal?: AbortSignal, budget: DrainBudget = newDrainBudget()): Promise<DrainedLines> {
  const sum = { snapshots: 0, connections: 0, rejected: 0 };
  for (let from = 0; from < lines.length && budget.snapshots > 0; from += CHUNK_LINES) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
    const part = ingestDrain(ctx, host, lines.slice(from, from + CHUNK_LINES), budget);
    sum.snapshots += part.snapshots;
    sum.connections += part.connections;
    sum.rejected += part.rejected;
  }
  return { ...sum, cursor: readDrainCursor(ctx, host), isCut: budget.snapshots <= 0 };
}
