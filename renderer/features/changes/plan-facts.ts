import type { HostDiff, Plan } from '../../../shared/model/diff.ts';

/** Hosts on which something would change: other rows, another mode, or other text. */
export const changedHosts = (plan: Plan): readonly HostDiff[] => plan.hosts.filter((host) => host.bundleBefore !== host.bundleAfter);

export const isUnchanged = (plan: Plan): boolean =>
  changedHosts(plan).length === 0 && plan.policyDiff.length === 0 && plan.refusals.length === 0 && plan.brokenTests.length === 0;

/** Seen flows that pass now and would not after the push. */
export const newlyBlocked = (plan: Plan): number =>
  plan.impact.filter((flow) => flow.change === 'allowed-to-blocked' || flow.change === 'would-block-to-blocked').length;
