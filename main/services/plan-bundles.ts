import { createHash } from 'node:crypto';
import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { Policy, ZoneMode } from '../../shared/model/policy.ts';
import { createFleetCompiler } from '../../shared/policy/fleet-compiler.ts';
import type { HostRuleset } from '../../shared/policy/host-ruleset.ts';
import { printIptablesBundle } from '../../shared/policy/export/iptables-bundle.ts';
import { printBundle } from '../../shared/policy/print.ts';
import { withoutCgroups } from '../../shared/policy/print-without-cgroups.ts';
import type { BackendContext } from './backend-context.ts';

/** What one managed host would be sent. `hash` does not depend on the policy's version. */
export type HostBundle = { host: FleetHost; ruleset: HostRuleset; mode: ZoneMode; zone: string | null; text: string; hash: string };

export type BundleOptions = {
  /** Named in the header; 0 for a draft that is only looked at. */
  policyVersion: number;
  nowMs: number;
};

/** The bundle of every managed host, keyed by id. @throws INPUT_INVALID when the policy names what it does not have, or asks of a host what its nft, or iptables, cannot do */
export type BundleMaker = (policy: Policy, fleet: readonly FleetHost[], options: BundleOptions) => Map<HostId, HostBundle>;

/** Keeps what the last call compiled and printed: what an edit changes is compiled and printed anew, and not the fleet. */
export function createBundleMaker(): BundleMaker {
  const compiler = createFleetCompiler();
  let printed = new Map<HostId, { readonly bundle: HostBundle; readonly policyVersion: number }>();
  return (policy, fleet, { nowMs, policyVersion }) => {
    const rulesets = compiler.compile(policy, fleet, { nowMs });
    const former = printed;
    printed = new Map(
      fleet.flatMap((host) => {
        const ruleset = rulesets.get(host.id);
        if (ruleset === undefined) return [];
        const before = former.get(host.id);
        const isKept = before?.bundle.ruleset === ruleset && before.policyVersion === policyVersion && isPrintedAlike(before.bundle.host, host);
        return [[host.id, { bundle: isKept ? { ...before.bundle, host } : toBundle(host, ruleset, policyVersion), policyVersion }] as const];
      }),
    );
    return new Map([...printed].map(([id, { bundle }]) => [id, bundle]));
  };
}

const draftMakers = new WeakMap<BackendContext['workspace'], BundleMaker>();

/** The bundles of a workspace's draft, which is edited step by step. @throws INPUT_INVALID as BundleMaker says */
export function makeDraftBundles(ctx: BackendContext, policy: Policy, fleet: readonly FleetHost[]): Map<HostId, HostBundle> {
  const make = draftMakers.get(ctx.workspace) ?? createBundleMaker();
  draftMakers.set(ctx.workspace, make);
  return make(policy, fleet, { policyVersion: 0, nowMs: ctx.nowMs() });
}

export function toBundle(host: FleetHost, ruleset: HostRuleset, policyVersion: number): HostBundle {
  const { mode, zone } = ruleset;
  const options = { policyVersion, sha256: sha256Hex };
  if (host.backend === 'iptables') return { host, ruleset, mode, zone, ...printIptablesBundle(ruleset, host, options) };
  const bundle = printBundle(ruleset, options);
  return { host, ruleset, mode, zone, ...(host.cgroupKeys === false ? withoutCgroups(bundle, host.name) : bundle) };
}

/** Whether what is printed beside the ruleset is the same. Over iptables, the host's own addresses are in the text, and what it publishes may stand against it. */
function isPrintedAlike(a: FleetHost, b: FleetHost): boolean {
  if (a.cgroupKeys !== b.cgroupKeys || a.backend !== b.backend) return false;
  return b.backend === undefined || JSON.stringify([a.addresses, a.published]) === JSON.stringify([b.addresses, b.published]);
}

/** Several times as fast as the one in pure code, which was most of what thousands of bundles cost. */
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** YYYY-MM-DD, on which the expiry of rules is decided. */
export function toUtcDay(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 10);
}
