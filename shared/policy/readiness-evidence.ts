import type { Maturity } from './maturity.ts';

/** What is known about one managed member of the zone. Times are epoch ms; null is never. */
export type HostEvidence = {
  readonly name: string;
  readonly hasAgent: boolean;
  readonly isReachable: boolean;
  readonly isAgentOld: boolean;
  /** By more than two minutes, when it was last read. */
  readonly isClockOff: boolean;
  /** Other firewalls at work there, by name. */
  readonly otherDeciders: readonly string[];
  /** Ways on which traffic passes our hooks. */
  readonly bypasses: number;
  /** When its kernel began to record; null without recordings. */
  readonly observedSinceMs: number | null;
  /** Since when it has run its zone's rules in test mode (or enforce, which says no less) without a break; null when it does not. */
  readonly testSinceMs: number | null;
  /** Packets that its recorder could not keep, since it was observed. */
  readonly lostEvents: number;
  /** Time that no counter covers, at most, since it was observed. */
  readonly gapMs: number;
};

export type ReadinessEvidence = {
  readonly zone: string;
  readonly nowMs: number;
  readonly hosts: readonly HostEvidence[];
  /** Distinct flows that test mode counted as would-block and that no draft rule allows or denies by now. */
  readonly wouldBlockUnreviewed: number;
  /** The draft's tests that name a host of the zone. */
  readonly policyTests: { readonly ran: number; readonly broken: readonly string[] };
  /** What speaks on known ports of monitoring and backup with hosts of the zone, by name, each once. */
  readonly jobs: { readonly monitoring: readonly string[]; readonly backup: readonly string[] };
  /** How much of what the zone does was seen; absent where nobody looked, and then not asked about. */
  readonly maturity?: Maturity;
};
