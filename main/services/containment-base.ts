import type { FleetHost } from '../../shared/model/host.ts';
import { EMPTY_POLICY, type Policy } from '../../shared/model/policy.ts';
import type { PolicyVersionId } from '../../shared/model/ids.ts';
import { toEssential } from '../../shared/policy/assemble-ruleset.ts';
import { compileHost, compileObserve } from '../../shared/policy/compile.ts';
import type { HostRuleset } from '../../shared/policy/host-ruleset.ts';
import { type AppliedHead, findBundle } from '../db/bundle-store.ts';
import { findVersionPolicy } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { resolvePolicy } from './resolved-policy.ts';
import { parseRulesetJson } from './plan-ruleset-json.ts';

/** The policy that a host's rules come from; the empty one before the first push to it. */
export const policyOfVersion = (ctx: BackendContext, version: PolicyVersionId | null): Policy => (version === null ? undefined : findVersionPolicy(ctx.workspace.read, version)) ?? EMPTY_POLICY;

/**
 * What the host was last confirmed to run, with the consoles that it is to let in by now. Not compiled anew: whatever changed in policy, labels and addresses
 * since is no part of a containment, and must not come or stay with it.
 */
export function readRunning(ctx: BackendContext, fleet: readonly FleetHost[], host: FleetHost, head: AppliedHead): HostRuleset {
  const stored = findBundle(ctx.workspace.read, host.id, head.hash);
  const ruleset = stored === undefined || stored.rulesetJson === 'null' ? null : parseRulesetJson(stored.rulesetJson);
  const running = ruleset ?? (head.version === null ? compileObserve(host) : compileHost(resolvePolicy(ctx, policyOfVersion(ctx, head.version), fleet).policy, fleet, host.id, { nowMs: ctx.nowMs() }));
  const { consoles, sshPort } = toEssential(host);
  return { ...running, hostName: host.name, essential: { ...running.essential, consoles, sshPort } };
}
