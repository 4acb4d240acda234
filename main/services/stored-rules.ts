import type { FleetHost } from '../../shared/model/host.ts';
import { compileHost, compileObserve } from '../../shared/policy/compile.ts';
import type { HostRuleset } from '../../shared/policy/host-ruleset.ts';
import type { StoredBundle } from '../db/bundle-store.ts';
import { findVersionPolicy } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { type HostBundle, toBundle } from './plan-bundles.ts';
import { parseRulesetJson } from './plan-ruleset-json.ts';
import { resolvePolicy } from './resolved-policy.ts';

/** As it was sent then, unless the console now comes from elsewhere: then its version is compiled again, so that nobody is locked out. */
export function toStoredBundle(ctx: BackendContext, fleet: readonly FleetHost[], host: FleetHost, stored: StoredBundle): HostBundle {
  const ruleset = parseRulesetJson(stored.rulesetJson);
  if (ruleset !== null && letsConsolesIn(ruleset, host)) return asStored(host, stored, ruleset);
  const policy = stored.version === null ? undefined : findVersionPolicy(ctx.workspace.read, stored.version);
  if (policy === undefined) return toBundle(host, compileObserve(host), 0);
  return toBundle(host, compileHost(resolvePolicy(ctx, policy, fleet).policy, fleet, host.id, { nowMs: ctx.nowMs() }), stored.version ?? 0);
}

function letsConsolesIn(ruleset: HostRuleset, host: FleetHost): boolean {
  const needed = compileObserve(host).essential;
  const isLetIn = (range: (typeof needed.consoles)[number]) =>
    ruleset.essential.consoles.some((open) => open.family === range.family && open.first <= range.first && range.last <= open.last);
  return ruleset.essential.sshPort === needed.sshPort && needed.consoles.every(isLetIn);
}

export const rulesetOf = (stored: StoredBundle, host: FleetHost): HostRuleset => parseRulesetJson(stored.rulesetJson) ?? compileObserve(host);
export const asStored = (host: FleetHost, { mode, zone, text, hash }: StoredBundle, ruleset: HostRuleset): HostBundle => ({ host, ruleset, mode, zone, text, hash });
