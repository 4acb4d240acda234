import type { FlowRow } from '../../shared/contract/views.ts';
import { confidenceOf, type FlowOrigin } from '../../shared/model/flow-source.ts';
import { countStoredFlows, type FlowFilter, iterateStoredFlows, type StoredFlow } from '../db/flow-query.ts';
import { hasFlowSources, listFlowSources } from '../db/flow-source-store.ts';
import { countImportedFlows, type ImportedFlow, iterateImportedFlows } from '../db/imported-flow-query.ts';
import type { BackendContext } from './backend-context.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { readDraftVerdict } from './draft-verdict.ts';
import { type FlowNames, peerNameOf } from './flow-names.ts';
import { asReported, withoutEnds } from './imported-flows.ts';
import { readFlow } from './read-flow.ts';

/** A flow of the list: one that an agent recorded, or one of a source. */
export type ListedFlow = { recorded: StoredFlow; imported: null } | { recorded: null; imported: ImportedFlow };

/** What agents recorded and what was imported, newest first; one by one. */
export function* iterateListedFlows(ctx: BackendContext, filter: FlowFilter): Generator<ListedFlow, void, void> {
  const db = ctx.workspace.read;
  const [recorded, imported] = [iterateStoredFlows(db, filter), hasFlowSources(db) ? iterateImportedFlows(db, filter) : [].values()];
  let [ours, theirs] = [recorded.next(), imported.next()];
  try {
    for (;;) {
      const [our, their] = [ours.done === true ? null : ours.value, theirs.done === true ? null : theirs.value];
      if (our !== null && (their === null || our.lastSeenAtMs >= their.lastSeenAtMs)) {
        yield { recorded: our, imported: null };
        ours = recorded.next();
      } else if (their !== null) {
        yield { recorded: null, imported: their };
        theirs = imported.next();
      } else return;
    }
  } finally {
    // A statement that is left in the middle keeps the database from being written.
    recorded.return();
    imported.return?.();
  }
}

export const countListedFlows = (ctx: BackendContext, filter: FlowFilter): number => countStoredFlows(ctx.workspace.read, filter) + (hasFlowSources(ctx.workspace.read) ? countImportedFlows(ctx.workspace.read, filter) : 0);

export type RowReader = (flow: ListedFlow) => FlowRow;

/** Makes rows with the names of now; names of sources are read once. */
export function createRowReader(ctx: BackendContext, compiled: CompiledDraft, names: FlowNames): RowReader {
  const sources = new Map(listFlowSources(ctx.workspace.read).map((source) => [source.id, source]));
  return ({ recorded, imported }) => {
    if (imported === null) return { ...readFlow(names, recorded), draft: readDraftVerdict(compiled, recorded), origin: null };
    const source = sources.get(imported.source);
    const origin: FlowOrigin = { source: imported.source, name: source?.name ?? '', format: source?.figures.format ?? 'zeek', basis: imported.basis, confidence: confidenceOf(imported.basis) };
    const reported = asReported(names, imported);
    return reported === null ? readBetween(names, imported, origin) : { ...readFlow(names, reported), draft: readDraftVerdict(compiled, reported), origin };
  };
}

/** Neither end is a host: the provider's address stands where the reporter does. */
function readBetween(names: FlowNames, flow: ImportedFlow, origin: FlowOrigin): FlowRow {
  return {
    ...withoutEnds(flow),
    reporter: null,
    reporterName: flow.provider,
    direction: 'in',
    peerAddress: flow.consumer,
    peerHost: null,
    peerName: peerNameOf(names, flow.consumer),
    draft: { kind: 'unknown', why: 'neither end is a host of the workspace' },
    origin,
  };
}
