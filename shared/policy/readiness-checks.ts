import type { ZoneMode } from '../model/policy.ts';
import { countText } from '../text/amount-text.ts';
import { ageText } from '../text/time-text.ts';
import type { CheckName } from './readiness-meaning.ts';
import type { HostEvidence, ReadinessEvidence } from './readiness-evidence.ts';

/** What a check found, before it is said what it means. */
export type Finding = { readonly check: CheckName; readonly state: 'ok' | 'warning' | 'blocker'; readonly text: string; readonly figure: string; readonly wanted: string };
type Serious = 'warning' | 'blocker';

/** A day of work has its nightly jobs in it, a week its weekend. */
export const HOURS_OBSERVED_BEFORE_TEST = 24;
export const HOURS_OBSERVED_BEFORE_ENFORCE = 24 * 7;
export const DAYS_IN_TEST_BEFORE_ENFORCE = 7;
const HOUR_MS = 3_600_000;

const finding = (check: CheckName, isOk: boolean, otherwise: Serious, text: string, [figure, wanted]: readonly [figure: string, wanted: string]): Finding => ({ check, state: isOk ? 'ok' : otherwise, text, figure, wanted });

/** About the zone's hosts as they are now. None of these stops a move: each can be meant so. */
export function checkHosts({ hosts }: ReadinessEvidence): Finding[] {
  const agents = hosts.filter((host) => host.hasAgent);
  const about = (check: CheckName, bad: readonly HostEvidence[], good: string, otherwise: (names: string) => string): Finding => {
    const asked = check === 'hosts-without-agent' ? hosts.length : agents.length;
    return finding(check, bad.length === 0, 'warning', bad.length === 0 ? good : otherwise(names(bad)), [`${asked - bad.length} of ${asked}`, 'all']);
  };
  return [
    finding('hosts-in-zone', hosts.length > 0, 'warning', hosts.length > 0 ? `${countText(hosts.length, 'host')} in the zone` : 'the zone selects no host, so nothing will change', [String(hosts.length), '1 or more']),
    about('hosts-without-agent', hosts.filter((host) => !host.hasAgent), 'every host has an agent', (bad) => `no agent on ${bad}: nothing is recorded or enforced there`),
    about('hosts-unreachable', agents.filter((host) => !host.isReachable), 'every host with an agent answered when last asked', (bad) => `${bad} did not answer: they keep their present rules until they do`),
    about('agents-current', agents.filter((host) => host.isAgentOld), 'every agent is of this console’s version', (bad) => `the agent of ${bad} is older than this console`),
    about('clocks-agree', agents.filter((host) => host.isClockOff), 'no clock is off by more than two minutes', (bad) => `the clock of ${bad} is off by more than two minutes`),
    about('other-firewalls', agents.filter((host) => host.otherDeciders.length > 0), 'no other firewall decides on these hosts', (bad) => `other firewalls decide too on ${bad}: ${unique(agents.flatMap((host) => host.otherDeciders)).join(', ')}`),
    about('traffic-bypasses', agents.filter((host) => host.bypasses > 0), 'nothing is known to pass the hooks', (bad) => `traffic can pass ${bad} unjudged`),
  ];
}

/** About how much of what the zone does was recorded. */
export function checkRecord({ hosts, nowMs, maturity }: ReadinessEvidence, mode: ZoneMode, serious: Serious): Finding[] {
  const agents = hosts.filter((host) => host.hasAgent);
  const wanted = mode === 'test' ? HOURS_OBSERVED_BEFORE_TEST : HOURS_OBSERVED_BEFORE_ENFORCE;
  const hours = leastHours(agents.map((host) => host.observedSinceMs), nowMs);
  const [lossy, gappy] = [agents.filter((host) => host.lostEvents > 0), agents.filter((host) => host.gapMs > 0)];
  const [lost, gapMs] = [lossy.reduce((sum, host) => sum + host.lostEvents, 0), Math.max(0, ...gappy.map((host) => host.gapMs))];
  // What a timer starts may never have been seen: that has to be looked at. New flows and weekdays are what a person weighs, as a zone may be new, or closed on Sundays.
  const levels = { 'new-flows': 'warning', 'weekdays-covered': 'warning', 'timers-not-fired': serious } as const;
  const order = ['new-flows', 'weekdays-covered', 'timers-not-fired'] as const;
  return [
    finding('hours-observed', hours >= wanted, serious, `${countText(hours, 'hour')} observed on the host with the least; ${wanted} are wanted`, [`${hours} h`, `${wanted} h`]),
    finding('lost-events', lossy.length === 0, serious, lossy.length === 0 ? 'no event was lost' : `events were lost on ${names(lossy)}: what was seen there is incomplete`, [String(lost), '0']),
    finding('recording-gaps', gappy.length === 0, 'warning', gappy.length === 0 ? 'no gap in the record' : `the record of ${names(gappy)} has gaps, ${ageText(gapMs)} at most on one host`, [ageText(gapMs), ageText(0)]),
    ...order.flatMap((name) => (maturity?.towardsStable ?? []).filter((reason) => reason.check === name).map(({ isMet, text }) => finding(name, isMet, levels[name], text, [isMet ? 'met' : 'not met', 'met']))),
  ];
}

/** About what the zone needs, and what its rules say of it. */
export function checkNeeds({ jobs, policyTests, hosts }: ReadinessEvidence, mode: ZoneMode): Finding[] {
  const job = (check: 'monitoring-seen' | 'backup-seen', kind: string, seen: readonly string[], otherPorts: string): Finding =>
    finding(check, seen.length > 0, 'warning', seen.length > 0 ? `${kind} was seen: ${seen.join(', ')}` : `no ${kind} was seen by its port; ${otherPorts}`, [String(seen.length), '1 or more kinds']);
  const { ran, broken } = policyTests;
  const tests = broken.length > 0 ? `${broken.length} of ${ran} policy tests of this zone are broken: ${broken[0] ?? ''}` : ran === 0 ? 'no policy test names a host of this zone' : `${ran} policy tests of this zone hold`;
  const needs = hosts.length === 0 ? [] : [job('monitoring-seen', 'monitoring', jobs.monitoring, 'if it comes over SSH or HTTPS, or there is none, waive this'), job('backup-seen', 'backup', jobs.backup, 'if it goes over SSH, HTTPS or SMB, or there is none, waive this')];
  return [...needs, finding('policy-tests', ran > 0 && broken.length === 0, broken.length > 0 && mode === 'enforce' ? 'blocker' : 'warning', tests, [`${ran - broken.length} of ${ran} hold`, '1 or more, all hold'])];
}

/** What only test mode can say; asked before enforce. */
export function checkTest({ hosts, nowMs, wouldBlockUnreviewed: count }: ReadinessEvidence): Finding[] {
  const days = Math.floor(leastHours(hosts.filter((host) => host.hasAgent).map((host) => host.testSinceMs), nowMs) / 24);
  const text = count === 0 ? 'no flow would be blocked that a rule has not decided' : `${countText(count, 'flow')} would be blocked that no rule allows or denies: enforcing cuts ${count === 1 ? 'it' : 'them'}`;
  return [
    finding('days-in-test', days >= DAYS_IN_TEST_BEFORE_ENFORCE, 'blocker', `${days} days in test on the host with the fewest; ${DAYS_IN_TEST_BEFORE_ENFORCE} are wanted`, [`${days} d`, `${DAYS_IN_TEST_BEFORE_ENFORCE} d`]),
    finding('would-block-unreviewed', count === 0, 'blocker', text, [String(count), '0']),
  ];
}

/** Whole hours since the latest start; 0 when one host never started or there is none. */
function leastHours(starts: readonly (number | null)[], nowMs: number): number {
  if (starts.length === 0) return 0;
  return Math.min(...starts.map((start) => (start === null ? 0 : Math.max(0, Math.floor((nowMs - start) / HOUR_MS)))));
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

const names = (hosts: readonly HostEvidence[]): string =>
  hosts
    .slice(0, 5)
    .map((host) => host.name)
    .join(', ') + (hosts.length > 5 ? ` and ${hosts.length - 5} more` : '');
