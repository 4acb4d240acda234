import { createHash } from 'node:crypto';
import { FirebreakError } from '../../shared/errors.ts';
import { describeError } from '../../shared/error-text.ts';
import type { HostDiff, Plan } from '../../shared/model/diff.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { diffHostRulesets } from '../../shared/policy/diff-host.ts';
import { diffPolicy } from '../../shared/policy/diff-policy.ts';
import { listIdentityNotes } from '../../shared/policy/identity-notes.ts';
import { findLockouts } from '../../shared/policy/lockout.ts';
import { runPolicyTests } from '../../shared/policy/run-policy-tests.ts';
import { findBundle } from '../db/bundle-store.ts';
import { findNewestVersion } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readBasePolicy, readDraft } from './draft.ts';
import { compileInstead, readCompiledDraft } from './draft-compiled.ts';
import { getZone } from './draft-zones.ts';
import { getHost } from './find-host.ts';
import { listFleet } from './fleet.ts';
import { type HostBundle, makeDraftBundles } from './plan-bundles.ts';
import { computeImpact } from './plan-impact.ts';
import { findConsoleHost, listJumps } from './plan-jumps.ts';
import { findScope, type PlannedHost, type PlanScope } from './plan-scope.ts';
import { listPlanWindows } from './maintenance.ts';
import { listEvidenceWarnings } from './mode-evidence.ts';
import { createFormerOwner } from './identity-plan.ts';
import { listWarnings } from './plan-warnings.ts';
import { canonicalJson, hashPolicy } from './policy-hash.ts';
import { listNameWarnings } from './name-warnings.ts';
import { listPostureWarnings } from './posture-warnings.ts';
import { resolvePolicy } from './resolved-policy.ts';

/** A plan with what it was made from, so that pushing it needs no second look at the draft. */
export type PreparedPlan = { plan: Plan; /** As written, for the version. */ written: Policy; /** As judged. */ policy: Policy; fleet: readonly FleetHost[]; hosts: readonly PlannedHost[] };
type Refusal = Plan['refusals'][number];

/**
 * What pushing the draft (or another policy) to the zone's hosts (all hosts, when null) would change: policy, hosts, observed flows. Connects to nothing.
 * What must not be pushed is in `refusals` and `brokenTests`, and does not throw.
 * @throws NOT_FOUND for a zone that is not in the draft
 */
export function preparePlan(ctx: BackendContext, zone: string | null, other?: Policy): PreparedPlan {
  const draft = other === undefined ? readCompiledDraft(ctx) : compileInstead(ctx, other);
  const { written, policy, fleet } = draft;
  if (zone !== null) getZone(policy, zone);
  const compiled = compileOrRefuse(ctx, policy, fleet);
  const scope = findScope(ctx, fleet, compiled.bundles, zone);
  const changed = scope.hosts.filter((host) => host.formerBundle !== host.after.hash);
  const impact = compiled.refusals.length > 0 ? { rows: [], total: 0 } : computeImpact(ctx, { draft, changed });
  const [options, formerOwner] = [{ nowMs: ctx.nowMs() }, createFormerOwner(ctx)];
  const base = readBasePolicy(ctx);
  const windows = listPlanWindows(ctx, changed);
  const plan: Plan = {
    hash: hashPlan({ policy: other === undefined ? readDraft(ctx).hash : hashPolicy(other), fleet: draft.fleetHash, zone }, scope),
    baseVersion: findNewestVersion(ctx.workspace.read)?.id ?? null,
    policyDiff: [...diffPolicy(base, written)],
    hosts: scope.hosts.map((host) => toHostDiff(host, formerOwner)),
    impact: impact.rows,
    impactTotal: impact.total,
    refusals: [...compiled.refusals, ...(compiled.refusals.length > 0 ? [] : listRefusals(ctx, policy, fleet, scope))],
    warnings: [...listWarnings(ctx, scope), ...listPostureWarnings(ctx, policy, fleet), ...listNameWarnings(ctx, draft, scope), ...(other === undefined ? listEvidenceWarnings(ctx, draft, zone, base) : []), ...(compiled.refusals.length > 0 ? [] : listIdentityNotes(policy, fleet, options))],
    brokenTests: compiled.refusals.length > 0 ? [] : [...runPolicyTests(policy, fleet, options).broken],
    windows,
  };
  return { plan, written, policy, fleet, hosts: scope.hosts };
}

/** Text of what one host would be sent, and of what it was last known to run (null: nothing of ours). @throws NOT_FOUND · INPUT_INVALID */
export function readBundleTexts(ctx: BackendContext, hostName: string): { before: string | null; after: string } {
  const { id } = getHost(ctx, hostName);
  const fleet = listFleet(ctx);
  const bundles = makeDraftBundles(ctx, resolvePolicy(ctx, readDraft(ctx).policy, fleet).policy, fleet);
  const bundle = bundles.get(id);
  if (bundle === undefined) throw new FirebreakError('NOT_FOUND', { what: 'managed host', name: hostName, known: [...bundles.values()].map((other) => other.host.name) });
  const scope = findScope(ctx, fleet, new Map([[id, bundle]]), null);
  const former = (scope.hosts[0] ?? scope.carried[0])?.formerBundle ?? null;
  return { before: (former === null ? undefined : findBundle(ctx.workspace.read, id, former))?.text ?? null, after: bundle.text };
}

function compileOrRefuse(ctx: BackendContext, policy: Policy, fleet: readonly FleetHost[]): { bundles: Map<HostId, HostBundle>; refusals: Refusal[] } {
  try {
    return { bundles: makeDraftBundles(ctx, policy, fleet), refusals: [] };
  } catch (error) {
    if (!(error instanceof FirebreakError)) throw error;
    // A line each: some policies are refused for several reasons.
    const reasons = describeError(error.code, error.payload).title.split('\n');
    return { bundles: new Map(), refusals: reasons.map((reason) => ({ host: 'the whole push', reason, rule: null })) };
  }
}

/** Lockouts of hosts in the scope, and of those behind a jump host in it; others do not stop a push that does not touch them. */
export function listRefusals(ctx: BackendContext, policy: Policy, fleet: readonly FleetHost[], scope: Pick<PlanScope, 'hosts'>): Refusal[] {
  const inScope = new Set(scope.hosts.map((host) => host.after.host.id));
  const jumps = listJumps(ctx, fleet);
  const touched = new Set([...inScope, ...jumps.filter((jump) => inScope.has(jump.through)).map((jump) => jump.host)]);
  const names = new Set<string>(fleet.filter((host) => touched.has(host.id)).map((host) => host.name));
  return findLockouts(policy, fleet, { nowMs: ctx.nowMs(), jumps, consoleHost: findConsoleHost(ctx, fleet)?.id ?? null }).filter((refusal) => names.has(refusal.host));
}

export function toHostDiff({ after, formerBundle, former, formerRuleset }: PlannedHost, formerOwner: (address: string) => string | null): HostDiff {
  const isSame = formerBundle === after.hash;
  return {
    host: after.host.id,
    hostName: after.host.name,
    zone: after.zone,
    modeBefore: former?.mode ?? null,
    modeAfter: after.mode,
    rows: isSame ? [] : diffHostRulesets(formerRuleset, after.ruleset, formerOwner),
    bundleBefore: formerBundle,
    bundleAfter: after.hash,
  };
}

/** Names all that the plan was made from: the draft and the fleet by their hashes, the zone, and what each host runs and would run. */
function hashPlan(from: { policy: string; fleet: string; zone: string | null }, scope: PlanScope): string {
  const hosts = scope.hosts.map(({ after, formerBundle }) => [after.host.id, formerBundle, after.hash]);
  return createHash('sha256').update(canonicalJson({ ...from, hosts })).digest('hex');
}
