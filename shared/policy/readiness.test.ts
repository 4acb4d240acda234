import { expect, it } from 'vitest';
import { checkReadiness, waiveChecks } from './readiness.ts';
import type { HostEvidence, ReadinessEvidence } from './readiness-evidence.ts';
import { MEANINGS } from './readiness-meaning.ts';

const NOW_MS = Date.UTC(2026, 0, 15);
const HOUR_MS = 3_600_000;

/** A host that was observed and tested for so many hours, with nothing wrong. */
const aHostSeen = (hours: number, input: Partial<HostEvidence> = {}): HostEvidence => ({
  name: 'h1',
  hasAgent: true,
  isReachable: true,
  isAgentOld: false,
  isClockOff: false,
  otherDeciders: [],
  bypasses: 0,
  observedSinceMs: NOW_MS - hours * HOUR_MS,
  testSinceMs: NOW_MS - hours * HOUR_MS,
  lostEvents: 0,
  gapMs: 0,
  ...input,
});

const evidence = (hosts: HostEvidence[], more: Partial<ReadinessEvidence> = {}): ReadinessEvidence => ({
  zone: 'shop',
  nowMs: NOW_MS,
  hosts,
  wouldBlockUnreviewed: 0,
  policyTests: { ran: 1, broken: [] },
  jobs: { monitoring: ['node exporter'], backup: ['rsync'] },
  ...more,
});

const failing = (mode: 'observe' | 'test' | 'enforce', hosts: HostEvidence[], more: Partial<ReadinessEvidence> = {}) =>
  checkReadiness(mode, evidence(hosts, more))
    .filter((one) => one.state !== 'ok')
    .map((one) => `${one.state} ${one.check}`);

it('asks nothing of a zone that goes back to observe', () => expect(failing('observe', [])).toEqual([]));

it('lets a zone that was seen and tested for a week enforce', () => expect(failing('enforce', [aHostSeen(168)])).toEqual([]));

it('warns before test and blocks before enforce', () => {
  expect(failing('test', [aHostSeen(1)])).toEqual(['warning hours-observed']);
  expect(failing('enforce', [aHostSeen(167)], { wouldBlockUnreviewed: 2 })).toEqual(['blocker hours-observed', 'blocker days-in-test', 'blocker would-block-unreviewed']);
});

it('takes the host that was seen least, and only those with an agent', () => {
  expect(failing('test', [aHostSeen(100), aHostSeen(2)])).toEqual(['warning hours-observed']);
  expect(failing('test', [aHostSeen(100), aHostSeen(0, { hasAgent: false, observedSinceMs: null })])).toEqual(['warning hosts-without-agent']);
  expect(failing('test', [])).toEqual(['warning hosts-in-zone', 'warning hours-observed']);
});

it('counts what was lost and who does not answer', () => {
  expect(failing('enforce', [aHostSeen(200, { lostEvents: 1, isReachable: false })])).toEqual(['warning hosts-unreachable', 'blocker lost-events']);
});

it.each<[string, Partial<HostEvidence>, string]>([
  ['agents-current', { isAgentOld: true }, 'the agent of h1 is older than this console'],
  ['clocks-agree', { isClockOff: true }, 'the clock of h1 is off by more than two minutes'],
  ['other-firewalls', { otherDeciders: ['ufw', 'Docker'] }, 'other firewalls decide too on h1: Docker, ufw'],
  ['traffic-bypasses', { bypasses: 1 }, 'traffic can pass h1 unjudged'],
  ['recording-gaps', { gapMs: 5 * HOUR_MS }, 'the record of h1 has gaps, 5 h at most on one host'],
])('%s is a warning of a host that has it, in figures and words', (check, input, text) => {
  expect(checkReadiness('enforce', evidence([aHostSeen(200, input), aHostSeen(200, { name: 'h2' })])).filter(({ state }) => state !== 'ok')).toMatchObject([{ check, state: 'warning', text }]);
});

it('looks for monitoring and backup by their ports, and says that others may be there', () => {
  const jobs = { monitoring: [], backup: ['rsync'] };
  expect(failing('test', [aHostSeen(200)], { jobs })).toEqual(['warning monitoring-seen']);
  expect(checkReadiness('test', evidence([aHostSeen(200)], { jobs })).find(({ check }) => check === 'backup-seen')).toMatchObject({ state: 'ok', text: 'backup was seen: rsync', figure: '1' });
});

it('wants policy tests of the zone, and lets no broken one enforce', () => {
  expect(failing('enforce', [aHostSeen(200)], { policyTests: { ran: 0, broken: [] } })).toEqual(['warning policy-tests']);
  const broken = { ran: 2, broken: ['web can reach db on tcp/1: no rule allows it'] };
  expect(failing('test', [aHostSeen(200)], { policyTests: broken })).toEqual(['warning policy-tests']);
  expect(failing('enforce', [aHostSeen(200)], { policyTests: broken })).toEqual(['blocker policy-tests']);
});

it('says of every check what was found, what is wanted, why it matters and where to look', () => {
  const checks = checkReadiness('enforce', evidence([aHostSeen(1)]));
  for (const check of checks) expect([check.figure, check.wanted, check.why, check.detail].every((text) => text !== '')).toBe(true);
  const asked = new Set(checks.map(({ check }) => check));
  // What maturity says is asked only where somebody looked.
  expect(Object.keys(MEANINGS).filter((name) => !asked.has(name))).toEqual(['new-flows', 'weekdays-covered', 'timers-not-fired']);
  expect(checks.find(({ check }) => check === 'would-block-unreviewed')?.detail).toBe('firebreak flows list --verdict would-block --draft blocked --to zone:shop');
});

it('a reason waives a blocker or a warning, and nothing that is met', () => {
  const by = { actor: 'ada', atMs: 7 };
  const checks = waiveChecks(checkReadiness('enforce', evidence([aHostSeen(200, { isAgentOld: true, testSinceMs: null })])), [{ check: 'days-in-test', reason: 'a lab' }, { check: 'agents-current', reason: 'old on purpose' }, { check: 'hosts-in-zone', reason: 'no need' }], by);
  expect(checks.flatMap(({ check, state, waiver }) => (state === 'ok' ? [] : [{ check, state, waiver }]))).toEqual([
    { check: 'agents-current', state: 'waived', waiver: { reason: 'old on purpose', ...by } },
    { check: 'days-in-test', state: 'waived', waiver: { reason: 'a lab', ...by } },
  ]);
  expect(checks.find(({ check }) => check === 'hosts-in-zone')?.waiver).toBeNull();
});
