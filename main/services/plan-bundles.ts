import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { Policy, ZoneMode } from '../../shared/model/policy.ts';
import { compileFleet } from '../../shared/policy/compile.ts';
import type { HostRuleset } from '../../shared/policy/host-ruleset.ts';
import { printBundle } from '../../shared/policy/print.ts';

/** What one managed host would be sent. `hash` does not depend on the policy's version. */
export type HostBundle = { host: FleetHost; ruleset: HostRuleset; mode: ZoneMode; zone: string | null; text: string; hash: string };

export type BundleOptions = {
  /** Named in the header; 0 for a draft that is only looked at. */
  policyVersion: number;
  nowMs: number;
};

/** The bundle of every managed host, keyed by id. @throws INPUT_INVALID when the policy names what it does not have */
export function makeBundles(policy: Policy, fleet: readonly FleetHost[], options: BundleOptions): Map<HostId, HostBundle> {
  const rulesets = compileFleet(policy, fleet, { nowMs: options.nowMs });
  return new Map(
    fleet.flatMap((host) => {
      const ruleset = rulesets.get(host.id);
      return ruleset === undefined ? [] : [[host.id, toBundle(host, ruleset, options.policyVersion)] as const];
    }),
  );
}

export function toBundle(host: FleetHost, ruleset: HostRuleset, policyVersion: number): HostBundle {
  const { mode, zone } = ruleset;
  return { host, ruleset, mode, zone, ...printBundle(ruleset, { policyVersion }) };
}

/** YYYY-MM-DD, on which the expiry of rules is decided. */
export function toUtcDay(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10);
}
