import type { MapVerdict } from '../../shared/contract/map-query.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import type { Zone } from '../../shared/model/policy.ts';
import type { FlowJudgement } from '../../shared/policy/judge-flow.ts';
import type { AppliedHead } from '../db/bundle-store.ts';
import type { StoredFlow } from '../db/flow-query.ts';
import { readLedgerRevision } from '../db/name-ledger-store.ts';
import { listVersions } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, compileInstead } from './draft-compiled.ts';
import { once } from './once.ts';
import { toUtcDay } from './plan-bundles.ts';
import { hashPolicy } from './policy-hash.ts';
import { getVersionPolicy } from './versions.ts';

export type Explained = 'allowed' | 'no-rule' | 'unknown';

/** Both views of one flow: whether a rule that its reporter runs now explains it, and what the draft would do with it. */
export type MapJudge = { explainLive(flow: StoredFlow): Explained; judgeDraft(flow: StoredFlow): MapVerdict };

export function createMapJudge(ctx: BackendContext, compiled: CompiledDraft, applied: ReadonlyMap<HostId, AppliedHead>): MapJudge {
  const running = createRunning(ctx, compiled);
  return {
    explainLive: (flow) => {
      const version = applied.get(flow.reporter)?.version ?? null;
      return version === null ? explainWithoutRules(compiled, flow) : explain(running(version), flow);
    },
    judgeDraft: (flow) => judgeDraft(compiled, flow),
  };
}

type Judges = Pick<CompiledDraft, 'policy' | 'zones' | 'hosts' | 'judge' | 'explain'>;

/** Whether a rule (or the essential block) lets it through at the reporting end, were all hosts to enforce both ways. */
const explain = (compiled: Pick<Judges, 'explain'>, flow: StoredFlow): Explained => toExplained(compiled.explain(flow));

function toExplained(judgement: FlowJudgement): Explained {
  if (judgement.kind !== 'decided') return 'unknown';
  return judgement.verdict === 'allowed' ? 'allowed' : 'no-rule';
}

/**
 * The same where nothing was pushed to the reporter, so that it runs no rules: only the essential block explains anything. That block is the host's own and comes first under any policy, so what the draft's judge says
 * has the answer, and the draft is judged for every flow anyway.
 */
export function explainWithoutRules({ explain: judge, hosts }: Pick<CompiledDraft, 'explain' | 'hosts'>, flow: StoredFlow): Explained {
  if (flow.direction === 'forward' || !hosts.has(flow.reporter)) return 'unknown';
  const judgement = judge(flow);
  return judgement.kind === 'decided' && judgement.by === 'essential' ? 'allowed' : 'no-rule';
}

/**
 * What passes because its zone leaves outbound open, or does not select the service, has no rule; neither has what a host only observes. Mostly what the rules say, whatever the mode, is enough to tell: then the draft is not asked a second time.
 */
export function judgeDraft(compiled: Judges, flow: StoredFlow): MapVerdict {
  const short = compiled.policy.containments.length === 0 ? judgeByRules(compiled, flow, compiled.explain(flow)) : null;
  if (short !== null) return short;
  const judgement = compiled.judge(flow);
  if (judgement.kind === 'unknown') return 'unknown';
  if (judgement.kind === 'observed' || judgement.by === 'outbound-open' || judgement.by === 'not-selected') return explain(compiled, flow);
  if (judgement.verdict === 'allowed') return 'allowed';
  return refusedBy(compiled.zones.get(flow.reporter)?.zone);
}

const refusedBy = (zone: Zone | null | undefined): MapVerdict => (zone?.mode === 'enforce' ? 'blocked' : 'would-block');

/**
 * The same told from what the rules say and the zone's mode (the order of a host's chains: rules, then the default), where that is certain; null where the draft has to be asked. Not for a draft with containments, which come before the rules.
 */
function judgeByRules({ zones, hosts }: Judges, flow: StoredFlow, judgement: FlowJudgement): MapVerdict | null {
  if (judgement.kind !== 'decided') return null;
  // In every mode.
  if (judgement.verdict === 'allowed') return 'allowed';
  const zone = zones.get(flow.reporter)?.zone ?? null;
  if (zone === null || zone.mode === 'observe') return 'no-rule';
  const isOpen = flow.direction === 'out' && zone.outbound === 'open';
  if (!isOpen) return zone.onlyServices === null ? refusedBy(zone) : null;
  // Of several own addresses one rule may be about one of them, and which the host used is not known.
  const isIn4 = !flow.peerAddress.includes(':');
  const own = hosts.get(flow.reporter)?.addresses.filter((address) => address.includes(':') !== isIn4) ?? [];
  if (own.length > 1) return null;
  return judgement.by === null ? 'no-rule' : refusedBy(zone);
}

type Kept = { readonly key: string; readonly byVersion: Map<PolicyVersionId, CompiledDraft> };
const keptPolicies = new WeakMap<BackendContext['workspace'], Kept>();

/** The policy of a version, compiled against the fleet of now; kept until the fleet, the ledger of names or the day changes. The draft itself where it says the same. */
function createRunning(ctx: BackendContext, compiled: CompiledDraft): (version: PolicyVersionId) => CompiledDraft {
  const known = keptPolicies.get(ctx.workspace);
  const key = `${compiled.fleetHash} ${readLedgerRevision(ctx.workspace.read)} ${toUtcDay(ctx.nowMs())}`;
  const kept = known?.key === key ? known : { key, byVersion: new Map<PolicyVersionId, CompiledDraft>() };
  keptPolicies.set(ctx.workspace, kept);
  // Asked only where something was pushed.
  const draftHash = once(() => hashPolicy(compiled.written));
  const hashes = once(() => new Map(listVersions(ctx.workspace.read).map(({ id, hash }) => [id, hash])));
  const ofThisRun = new Map<PolicyVersionId, CompiledDraft>();
  const read = (version: PolicyVersionId): CompiledDraft => {
    if (hashes().get(version) === draftHash()) return compiled;
    const made = kept.byVersion.get(version) ?? compileInstead(ctx, getVersionPolicy(ctx, version), compiled);
    kept.byVersion.set(version, made);
    return made;
  };
  return (version) => {
    const made = ofThisRun.get(version) ?? read(version);
    ofThisRun.set(version, made);
    return made;
  };
}
