import type { SuggestionsView } from '../../shared/contract/suggest-views.ts';
import type { Flow } from '../../shared/model/flow.ts';
import type { Peer } from '../../shared/model/peer.ts';
import { suggestRules } from '../../shared/policy/suggest.ts';
import type { SuggestWidth } from '../../shared/policy/suggest-options.ts';
import { type FlowFilter, iterateStoredFlows } from '../db/flow-query.ts';
import { listFlowSources } from '../db/flow-source-store.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkPeer } from './check-policy.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { getZone } from './draft-zones.ts';
import { createFlowNames, type FlowNames } from './flow-names.ts';
import { asReported, iterateAddedByImports } from './imported-flows.ts';
import { readFlow } from './read-flow.ts';

export type SuggestInput = { zone: string | null; sinceMs: number | null; maxWidth: SuggestWidth; wholeRoles: boolean; setAside: readonly Peer[]; keepScanners: boolean };

/** Rules that would allow what was seen since then and no rule decides yet. Flows are read one by one. @throws NOT_FOUND for the zone · INPUT_INVALID for what is set aside */
export function suggestForZone(ctx: BackendContext, { sinceMs, ...options }: SuggestInput): SuggestionsView {
  const compiled = readCompiledDraft(ctx);
  if (options.zone !== null) getZone(compiled.policy, options.zone);
  const world = { hosts: new Set(compiled.fleet.map((host) => host.name)), policy: compiled.policy };
  const setAside = options.setAside.map((peer, i) => checkPeer(peer, `setAside.${i}`, world));
  assertNoIssues(setAside.flatMap(({ issues }) => issues));
  const names = createFlowNames(compiled);
  const filter = { sinceMs, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
  const imported = new Map<number, number>();
  const result = suggestRules(readAll(ctx, names, filter, imported), compiled.policy, compiled.fleet, { ...options, nowMs: ctx.nowMs(), setAside: setAside.map(({ peer }) => peer) });
  return {
    suggestions: result.suggestions.map((one) => ({ ...one, seen: [...one.seen], neverSeenExamples: [...one.neverSeenExamples] })),
    totals: result.totals,
    unexplained: [...result.unexplained],
    setAside: [...result.setAside],
    imported: listFlowSources(ctx.workspace.read).flatMap(({ id, name }) => (imported.has(id) ? [{ source: name, conversations: imported.get(id) ?? 0 }] : [])),
  };
}

/** What agents recorded, and what imports add to it that a rule could be about; `imported` counts that by source. */
function* readAll(ctx: BackendContext, names: FlowNames, filter: FlowFilter, imported: Map<number, number>): Generator<Flow, void, void> {
  for (const flow of iterateStoredFlows(ctx.workspace.read, filter)) yield readFlow(names, flow);
  for (const flow of iterateAddedByImports(ctx.workspace.read, names, filter.sinceMs)) {
    const reported = flow.answered && flow.verdict === 'accepted' && flow.basis !== 'unknown' ? asReported(names, flow) : null;
    if (reported === null) continue;
    imported.set(flow.source, (imported.get(flow.source) ?? 0) + 1);
    yield readFlow(names, reported);
  }
}
