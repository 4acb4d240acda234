import type { FleetHost } from '../../model/host.ts';
import type { HostId, RuleId } from '../../model/ids.ts';
import type { Policy } from '../../model/policy.ts';
import type { NameAnswers } from '../name-answers.ts';
import type { NameDrift } from '../name-drift.ts';
import type { RuleUse, SeenFlow } from './observed-use.ts';
import type { RuleSpace, Spaces } from './rule-space.ts';
import type { HostRecord } from './watched.ts';

/** Everything that a lint looks at. `flows` are those seen in the last `days`, in any order, read once. */
export type LintInput = {
  readonly policy: Policy;
  readonly hosts: readonly FleetHost[];
  readonly flows: Iterable<SeenFlow>;
  /** Keys of the labels that a host has because of what it said about itself, for hosts that have such. */
  readonly saidLabels: ReadonlyMap<HostId, ReadonlySet<string>>;
  readonly records: ReadonlyMap<HostId, HostRecord>;
  /** When each rule came into a pushed version first; a rule that is not there was never pushed. */
  readonly pushedAtMs: ReadonlyMap<RuleId, number>;
  /** The version that growth is measured against; null: nothing was pushed yet. */
  readonly base: { readonly policy: Policy; readonly version: number; readonly atMs: number } | null;
  /** What names in IP lists mean, and what hosts run of it; left out where the policy has none. `policy` has their addresses among its networks. */
  readonly names?: { readonly answers: readonly NameAnswers[]; readonly drift: readonly NameDrift[]; readonly nameOf: (seenBy: HostId | null) => string | null };
  readonly nowMs: number;
  /** How long a rule without traffic is left alone. */
  readonly days: number;
};

/** The input with what all findings derive from it, made once. */
export type LintWorld = LintInput & {
  readonly spaces: Spaces;
  readonly use: ReadonlyMap<RuleId, RuleUse>;
  readonly isWatched: (space: RuleSpace) => boolean;
};
