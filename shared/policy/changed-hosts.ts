import type { HostDiff, Plan } from '../model/diff.ts';

/** Hosts on which something would change: other rows, another mode, or other text. */
export const changedHosts = (plan: Plan): readonly HostDiff[] => plan.hosts.filter((host) => host.bundleBefore !== host.bundleAfter);
