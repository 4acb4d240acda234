import type { ZoneMode } from '../model/policy.ts';

/** What is known about one managed or unmanaged member of the zone. Times are epoch ms; null is never. */
export type HostEvidence = {
  readonly name: string;
  readonly hasAgent: boolean;
  readonly isReachable: boolean;
  /** When its kernel began to record; null without recordings. */
  readonly observedSinceMs: number | null;
  /** Since when it has run its zone's rules in test mode without a break; null when it does not. */
  readonly testSinceMs: number | null;
  /** Packets that its recorder could not keep, since it was observed. */
  readonly lostEvents: number;
};

export type ReadinessEvidence = {
  readonly nowMs: number;
  readonly hosts: readonly HostEvidence[];
  /** Distinct flows that test mode counted as would-block and that no draft rule allows or denies by now. */
  readonly wouldBlockUnreviewed: number;
};

export type ReadinessCheck = { readonly check: string; readonly text: string; readonly state: 'ok' | 'warning' | 'blocker' };

/** A day of work has its nightly jobs in it, a week its weekend. */
export const HOURS_OBSERVED_BEFORE_TEST = 24;
export const HOURS_OBSERVED_BEFORE_ENFORCE = 24 * 7;
export const DAYS_IN_TEST_BEFORE_ENFORCE = 7;

const HOUR_MS = 3_600_000;

/** What speaks for and against moving a zone to `mode`. Only `enforce` can be blocked: test drops nothing and observe judges nothing. */
export function checkReadiness(mode: ZoneMode, evidence: ReadinessEvidence): ReadinessCheck[] {
  if (mode === 'observe') return [];
  const serious = mode === 'enforce' ? 'blocker' : 'warning';
  const checks = [
    checkHosts(evidence),
    checkAgents(evidence),
    checkReachable(evidence),
    checkHoursObserved(evidence, mode, serious),
    checkLost(evidence, serious),
  ];
  return mode === 'test' ? checks : [...checks, checkDaysInTest(evidence), checkWouldBlock(evidence)];
}

const check = (name: string, isOk: boolean, otherwise: 'warning' | 'blocker', text: string): ReadinessCheck => ({
  check: name,
  state: isOk ? 'ok' : otherwise,
  text,
});

const checkHosts = ({ hosts }: ReadinessEvidence) =>
  check(
    'hosts-in-zone',
    hosts.length > 0,
    'warning',
    hosts.length > 0 ? `${hosts.length} hosts in the zone` : 'the zone selects no host, so nothing will change',
  );

function checkAgents({ hosts }: ReadinessEvidence): ReadinessCheck {
  const without = hosts.filter((host) => !host.hasAgent);
  return check(
    'hosts-without-agent',
    without.length === 0,
    'warning',
    without.length === 0 ? 'every host has an agent' : `no agent on ${names(without)}: nothing is recorded or enforced there`,
  );
}

function checkReachable({ hosts }: ReadinessEvidence): ReadinessCheck {
  const lost = hosts.filter((host) => host.hasAgent && !host.isReachable);
  return check(
    'hosts-unreachable',
    lost.length === 0,
    'warning',
    lost.length === 0 ? 'every host with an agent answered when last asked' : `${names(lost)} did not answer: they keep their present rules until they do`,
  );
}

function checkHoursObserved({ hosts, nowMs }: ReadinessEvidence, mode: 'test' | 'enforce', serious: 'warning' | 'blocker'): ReadinessCheck {
  const wanted = mode === 'test' ? HOURS_OBSERVED_BEFORE_TEST : HOURS_OBSERVED_BEFORE_ENFORCE;
  const hours = leastHours(
    hosts.map((host) => (host.hasAgent ? host.observedSinceMs : undefined)),
    nowMs,
  );
  return check('hours-observed', hours >= wanted, serious, `${hours} hours observed on the host with the least; ${wanted} are wanted`);
}

function checkDaysInTest({ hosts, nowMs }: ReadinessEvidence): ReadinessCheck {
  const days = Math.floor(
    leastHours(
      hosts.map((host) => (host.hasAgent ? host.testSinceMs : undefined)),
      nowMs,
    ) / 24,
  );
  return check(
    'days-in-test',
    days >= DAYS_IN_TEST_BEFORE_ENFORCE,
    'blocker',
    `${days} days in test on the host with the fewest; ${DAYS_IN_TEST_BEFORE_ENFORCE} are wanted`,
  );
}

function checkWouldBlock({ wouldBlockUnreviewed: count }: ReadinessEvidence): ReadinessCheck {
  return check(
    'would-block-unreviewed',
    count === 0,
    'blocker',
    count === 0 ? 'no flow would be blocked that a rule has not decided' : `${count} flows would be blocked that no rule allows or denies: enforcing cuts them`,
  );
}

function checkLost({ hosts }: ReadinessEvidence, serious: 'warning' | 'blocker'): ReadinessCheck {
  const lossy = hosts.filter((host) => host.lostEvents > 0);
  return check(
    'lost-events',
    lossy.length === 0,
    serious,
    lossy.length === 0 ? 'no event was lost' : `events were lost on ${names(lossy)}: what was seen there is incomplete`,
  );
}

/** Whole hours since the latest start; 0 when one host never started or there is none. `undefined` is a host that does not count. */
function leastHours(starts: readonly (number | null | undefined)[], nowMs: number): number {
  const counted = starts.filter((start): start is number | null => start !== undefined);
  if (counted.length === 0) return 0;
  return Math.min(...counted.map((start) => (start === null ? 0 : Math.max(0, Math.floor((nowMs - start) / HOUR_MS)))));
}

const names = (hosts: readonly HostEvidence[]): string =>
  hosts
    .slice(0, 5)
    .map((host) => host.name)
    .join(', ') + (hosts.length > 5 ? ` and ${hosts.length - 5} more` : '');
