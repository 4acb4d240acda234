import { FirebreakError } from '../../shared/errors.ts';
import type { PolicyVersionId } from '../../shared/model/ids.ts';
import type { Peer } from '../../shared/model/peer.ts';
import type { Policy } from '../../shared/model/policy.ts';
import type { ServiceRef } from '../../shared/model/service.ts';
import { getAddress } from '../../shared/net/address.ts';
import { containsAddress } from '../../shared/net/range-set.ts';
import { ESSENTIAL_TEXTS } from '../../shared/policy/essential.ts';
import { explain } from '../../shared/policy/explain.ts';
import { suggestRules } from '../../shared/policy/suggest.ts';
import { iterateStoredFlows } from '../db/flow-query.ts';
import { findNewestVersion } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkPeer, checkServiceRef } from './check-policy.ts';
import { isDraftChanged } from './draft.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { getZone } from './draft-zones.ts';
import { createFlowNames } from './flow-names.ts';
import { readFlow } from './read-flow.ts';

export type DraftView = {
  policy: Policy;
  version: PolicyVersionId | null;
  changed: boolean;
  overlaps: { host: string; zones: string[] }[];
  essential: { name: string; text: string }[];
};

/** The draft with what its order decides: hosts that more than one zone selects, first zone first. */
export function readDraftView(ctx: BackendContext): DraftView {
  const compiled = readCompiledDraft(ctx);
  const overlaps = compiled.fleet.flatMap((host) => {
    const { zone, alsoMatches } = compiled.zones.get(host.id) ?? { zone: null, alsoMatches: [] };
    return zone === null || alsoMatches.length === 0 ? [] : [{ host: host.name, zones: [zone.name, ...alsoMatches] }];
  });
  return {
    policy: compiled.policy,
    version: findNewestVersion(ctx.workspace.read)?.id ?? null,
    changed: isDraftChanged(ctx),
    overlaps,
    essential: ESSENTIAL_TEXTS.map(({ name, text }) => ({ name, text })),
  };
}

/** Names of the hosts that the peer means now, by name; empty: nobody. @throws INPUT_INVALID */
export function listPeerMatches(ctx: BackendContext, input: Peer): string[] {
  const compiled = readCompiledDraft(ctx);
  const { peer, issues } = checkPeer(input, 'peer', { hosts: new Set(compiled.fleet.map((h) => h.name)), policy: compiled.policy });
  assertNoIssues(issues);
  const { covers } = compiled.resolver().resolvePeer(peer);
  const matches = compiled.fleet.filter((host) => {
    if (covers.kind === 'everyone') return true;
    return covers.kind === 'hosts' ? covers.ids.has(host.id) : host.addresses.some((a) => containsAddress(covers.ranges, getAddress(a)));
  });
  return matches.map((h) => h.name);
}

type SuggestionsView = { suggestions: ReturnType<typeof suggestRules>['suggestions'][number][]; unexplained: string[] };

/** Rules that would allow what was seen since then and no rule decides yet. @throws NOT_FOUND for the zone */
export function suggestForZone(ctx: BackendContext, input: { zone: string | null; sinceMs: number | null }): SuggestionsView {
  const compiled = readCompiledDraft(ctx);
  if (input.zone !== null) getZone(compiled.policy, input.zone);
  const names = createFlowNames(compiled);
  const filter = { sinceMs: input.sinceMs, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
  const flows = [...iterateStoredFlows(ctx.workspace.read, filter)].map((flow) => readFlow(names, flow));
  const { suggestions, unexplained } = suggestRules(flows, compiled.policy, compiled.fleet, { nowMs: ctx.nowMs(), zone: input.zone });
  return { suggestions: [...suggestions], unexplained: [...unexplained] };
}

type ExplanationView = { verdict: 'allowed' | 'would-block' | 'blocked'; steps: { where: string; text: string; rule: string | null }[] };

/** Why one host or address may or may not reach another by the draft. @throws INPUT_INVALID */
export function explainConnection(ctx: BackendContext, question: { from: string; to: string; service: ServiceRef }): ExplanationView {
  const { policy, fleet } = readCompiledDraft(ctx);
  assertNoIssues(checkServiceRef(question.service, 'service', { hosts: new Set(), policy }));
  const answer = explain(policy, fleet, { nowMs: ctx.nowMs() }, question);
  if (!answer.ok) throw new FirebreakError('INPUT_INVALID', { issues: [...answer.issues] });
  return { verdict: answer.value.verdict, steps: [...answer.value.steps] };
}
