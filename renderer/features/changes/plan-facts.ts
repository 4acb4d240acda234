import type { Plan } from '../../../shared/model/diff.ts';
import { changedHosts } from '../../../shared/policy/changed-hosts.ts';

export const isUnchanged = (plan: Plan): boolean =>
  changedHosts(plan).length === 0 && plan.policyDiff.length === 0 && plan.refusals.length === 0 && plan.brokenTests.length === 0;

/** Seen flows that pass now and would not after the push. */
export const newlyBlocked = (plan: Plan): number =>
  plan.impact.filter((flow) => flow.change === 'allowed-to-blocked' || flow.change === 'would-block-to-blocked').length;
