import { describe, expect, it } from 'vitest';
import type { Policy } from '../model/policy.ts';
import { explain } from './explain.ts';
import { checkReadiness, type HostEvidence } from './readiness.ts';
import { runPolicyTests } from './run-policy-tests.ts';
import { aHost, aPolicy, aRule, aZone, peer, serviceRefs } from './testing/builders.ts';

const TODAY = { nowMs: Date.UTC(2026, 0, 15) };
const HOSTS = [aHost({ n: 1, labels: 'app=shop,role=web' }), aHost({ n: 2, labels: 'app=shop,role=db' }), aHost({ n: 3, managed: false })];

describe('an explanation', () => {
  const ask = (from: string, to: string, service: string, policy: Partial<Policy> = {}) => {
    const [ref = { kind: 'any' as const }] = serviceRefs(service);
    const answer = explain(aPolicy({ zones: [aZone()], rules: [aRule({ reason: 'orders' })], ...policy }), HOSTS, TODAY, { from, to, service: ref });
    return answer.ok ? [answer.value.verdict, ...answer.value.steps.map((step) => `${step.where}: ${step.text}`)] : answer.issues.map((issue) => issue.message);
  };

  it('says who the ends are, what each decides and by which rule', () => {
    expect(ask('h1', '10.0.0.2', 'tcp/5432')).toEqual([
      'allowed',
      'source: h1 (10.0.0.1) has role=web,app=shop; in zone shop (enforce, outbound open) because app=shop',
      'destination: h2 (10.0.0.2) has role=db,app=shop; in zone shop (enforce, outbound open) because app=shop',
      'h1 outbound: allowed: outbound of zone shop is open and no rule denies it',
      'h2 inbound: allowed by rule r_000000000001: allow role=web → role=db on tcp/5432 (orders)',
    ]);
  });

  it('names the rule that is only for another port', () => {
    expect(ask('h1', 'h2', 'tcp/5433').slice(-2)).toEqual([
      'h2 inbound: blocked: no rule allows it, and zone shop refuses what no rule allows',
      'near miss: rule r_000000000001 is for the same ends but another service: allow role=web → role=db on tcp/5432',
    ]);
  });

  it('says what test mode would come to', () => {
    expect(ask('h1', 'h2', 'tcp/1', { zones: [aZone({ mode: 'test' })], rules: [] })).toContain(
      'h2 inbound: would be blocked once the zone enforces: no rule allows it, and zone shop refuses what no rule allows',
    );
  });

  it('says when nothing of ours stands in between', () => {
    expect(ask('h3', '192.0.2.1', 'tcp/1').slice(-1)).toEqual(['between: neither end has an agent, so nothing of ours stands in between']);
  });

  it('refuses names that it does not know and ends that cannot meet', () => {
    expect(ask('h9', 'h1', 'any')).toEqual(['“h9” is neither a host of this workspace nor an address']);
    expect(ask('fd00::1', 'h1', 'any')).toEqual(['fd00::1 and h1 have no addresses of one family for this service, so no connection can be made']);
  });
});

describe('policy tests', () => {
  const run = (expectation: 'allow' | 'deny', from: string, to: string, service: string, policy: Partial<Policy> = {}) => {
    const [ref = { kind: 'any' as const }] = serviceRefs(service);
    const test = { expect: expectation, from: peer(from), to: peer(to), service: ref };
    return runPolicyTests(aPolicy({ zones: [aZone({ mode: 'observe' })], rules: [aRule()], tests: [test], ...policy }), HOSTS, TODAY);
  };

  it('hold when the rules say so, whatever mode the zone is in', () => {
    expect(run('allow', 'role=web', 'role=db', 'tcp/5432')).toEqual({ ran: 1, broken: [] });
    expect(run('deny', 'role=web', 'role=db', 'tcp/22')).toEqual({ ran: 1, broken: [] });
  });

  it('break with the pair and the reason', () => {
    expect(run('allow', 'role=web', 'role=db', 'tcp/5430-5432').broken).toEqual([
      'role=web can reach role=db on tcp/5430-5432: h1 (10.0.0.1) is blocked from h2 (10.0.0.2) on tcp/5430 no rule allows it',
    ]);
    expect(run('deny', 'any', 'role=db', 'tcp/5432').broken).toEqual([
      'any cannot reach role=db on tcp/5432: h1 (10.0.0.1) reaches h2 (10.0.0.2) on tcp/5432 by rule r_000000000001',
    ]);
  });

  it('break when they cover nobody', () => {
    expect(run('deny', 'role=nobody', 'role=db', 'any').broken).toEqual([
      'role=nobody cannot reach role=db on any: it covers no pair of addresses, so nothing was tested',
    ]);
  });

  it('ask strangers too when they say any', () => {
    expect(run('deny', 'any', 'role=db', 'tcp/1', { rules: [aRule({ from: '192.0.2.0/24', services: 'tcp/1' })] }).broken[0]).toContain('192.0.2.1 reaches h2');
  });
});

describe('readiness', () => {
  const NOW_MS = Date.UTC(2026, 0, 15);
  const aHostSeen = (hours: number, input: Partial<HostEvidence> = {}): HostEvidence => ({
    name: 'h1',
    hasAgent: true,
    isReachable: true,
    observedSinceMs: NOW_MS - hours * 3_600_000,
    testSinceMs: NOW_MS - hours * 3_600_000,
    lostEvents: 0,
    ...input,
  });
  const failing = (mode: 'observe' | 'test' | 'enforce', hosts: HostEvidence[], wouldBlockUnreviewed = 0) =>
    checkReadiness(mode, { nowMs: NOW_MS, hosts, wouldBlockUnreviewed })
      .filter((one) => one.state !== 'ok')
      .map((one) => `${one.state} ${one.check}`);

  it('asks nothing of a zone that goes back to observe', () => expect(failing('observe', [])).toEqual([]));

  it('lets a zone that was seen and tested for a week enforce', () => expect(failing('enforce', [aHostSeen(168)])).toEqual([]));

  it('warns before test and blocks before enforce', () => {
    expect(failing('test', [aHostSeen(1)])).toEqual(['warning hours-observed']);
    expect(failing('enforce', [aHostSeen(167)], 2)).toEqual(['blocker hours-observed', 'blocker days-in-test', 'blocker would-block-unreviewed']);
  });

  it('takes the host that was seen least, and only those with an agent', () => {
    expect(failing('test', [aHostSeen(100), aHostSeen(2)])).toEqual(['warning hours-observed']);
    expect(failing('test', [aHostSeen(100), aHostSeen(0, { hasAgent: false, observedSinceMs: null })])).toEqual(['warning hosts-without-agent']);
    expect(failing('test', [])).toEqual(['warning hosts-in-zone', 'warning hours-observed']);
  });

  it('counts what was lost and who does not answer', () => {
    expect(failing('enforce', [aHostSeen(200, { lostEvents: 1, isReachable: false })])).toEqual(['warning hosts-unreachable', 'blocker lost-events']);
  });
});
