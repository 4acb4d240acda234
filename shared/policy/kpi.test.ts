import { describe, expect, test } from 'vitest';
import type { KpiId } from '../model/kpi.ts';
import { computeKpis, type KpiEvidence, type KpiHost } from './kpi.ts';
import type { KpiFlow } from './kpi-flows.ts';
import { hostId } from './testing/builders.ts';

const NOW_MS = Date.UTC(2026, 5, 15);
const HOUR_MS = 3_600_000;
const hoursAgo = (hours: number) => NOW_MS - hours * HOUR_MS;

const aKpiHost = (n: number, input: Partial<KpiHost> = {}): KpiHost => ({ id: hostId(n), enforcedSinceMs: null, cpuPercent: null, ...input });
const aKpiFlow = (key: string, input: Partial<KpiFlow> = {}): KpiFlow => ({
  reporter: hostId(1), key, verdict: 'accepted', connections: 10, firstSeenAtMs: hoursAgo(100), isEastWest: true, decidedBy: 'rule', isAllowed: true, rulePushedAtMs: hoursAgo(90), ...input,
});
const kpi = (id: KpiId, input: Partial<KpiEvidence>) => computeKpis({ nowMs: NOW_MS, days: 30, hosts: [], flows: [], ruleChanges: null, ...input }).find((one) => one.id === id);

describe('kpis', () => {
  test('of an empty workspace are not known, say why and how they are computed; only what nobody can deny is a number', () => {
    const kpis = computeKpis({ nowMs: NOW_MS, days: 30, hosts: [], flows: [], ruleChanges: null });
    expect(kpis.filter(({ value }) => value !== null).map(({ id, value }) => [id, value])).toEqual([['lateral-blocked', 0]]);
    for (const { text, formula, limits, value } of kpis) {
      expect(formula.length).toBeGreaterThan(20);
      if (value === null) expect([text, limits.length > 5]).toEqual(['not known', true]);
    }
  });

  test('coverage counts hosts that confirmed enforce, and the flows that these reported', () => {
    const hosts = [aKpiHost(1, { enforcedSinceMs: hoursAgo(1) }), aKpiHost(2), aKpiHost(3), aKpiHost(4)];
    expect(kpi('coverage-hosts', { hosts })).toMatchObject({ value: 25, text: '25 % (1 of 4)' });
    expect(kpi('coverage-flows', { hosts, flows: [aKpiFlow('a'), aKpiFlow('a', { verdict: 'blocked' }), aKpiFlow('b', { reporter: hostId(2) })] })).toMatchObject({ value: 50, text: '50 % (1 of 2)' });
  });

  test('accuracy leaves out what is essential and what cannot be known, and says how much', () => {
    const flows = [aKpiFlow('a'), aKpiFlow('b', { decidedBy: 'none', isAllowed: false }), aKpiFlow('c', { decidedBy: 'essential' }), aKpiFlow('d', { decidedBy: 'unknown' }), aKpiFlow('e', { isAllowed: false })];
    expect(kpi('policy-accuracy', { flows })).toMatchObject({ text: '66.67 % (2 of 3)', limits: 'left out: 1 flow of which it cannot be known what decides them' });
  });

  test('a refusal was false where a later rule allows the flow, not where the rule was there first', () => {
    const refused = (key: string, input: Partial<KpiFlow>) => aKpiFlow(key, { verdict: 'would-block', firstSeenAtMs: hoursAgo(50), ...input });
    const flows = [refused('later', { rulePushedAtMs: hoursAgo(20) }), refused('drafted', { rulePushedAtMs: null }), refused('before', { rulePushedAtMs: hoursAgo(60) }), refused('denied', { isAllowed: false })];
    expect(kpi('false-positive-rate', { flows })).toMatchObject({ value: 50, text: '50 % (2 of 4)' });
  });

  test('time to block is the median from the first would-block to enforce, for what is refused now', () => {
    const hosts = [aKpiHost(1, { enforcedSinceMs: hoursAgo(10) }), aKpiHost(2)];
    const denied = (key: string, hours: number, input: Partial<KpiFlow> = {}) => aKpiFlow(key, { verdict: 'would-block', firstSeenAtMs: hoursAgo(hours), decidedBy: 'none', isAllowed: false, rulePushedAtMs: null, ...input });
    const flows = [denied('a', 12), denied('b', 30), denied('c', 14), denied('allowed', 500, { isAllowed: true, decidedBy: 'rule' }), denied('elsewhere', 500, { reporter: hostId(2) }), denied('after', 5)];
    expect(kpi('time-to-block', { hosts, flows })).toMatchObject({ value: 4, text: '4 hours (3 flows)' });
  });

  test('time to policy is the mean from first seen to the first version with the rule, and 0 where the rule was first', () => {
    const flows = [aKpiFlow('a', { firstSeenAtMs: hoursAgo(100), rulePushedAtMs: hoursAgo(90) }), aKpiFlow('b', { firstSeenAtMs: hoursAgo(10), rulePushedAtMs: hoursAgo(90) }), aKpiFlow('drafted', { rulePushedAtMs: null })];
    expect(kpi('time-to-policy', { flows })).toMatchObject({ value: 5, text: '5 hours (2 flows)' });
  });

  test('lateral attempts are blocked connections between hosts of the inventory', () => {
    const flows = [aKpiFlow('a', { verdict: 'blocked', connections: 7 }), aKpiFlow('a', { verdict: 'accepted' }), aKpiFlow('internet', { verdict: 'blocked', isEastWest: false }), aKpiFlow('b', { verdict: 'would-block' })];
    expect(kpi('lateral-blocked', { flows })).toMatchObject({ value: 7, text: '7 connections in 1 flow' });
  });

  test('rule changes are scaled to a month, and overhead names the worst host and those that did not tell', () => {
    expect(kpi('rule-changes', { days: 60, ruleChanges: 5 })).toMatchObject({ value: 2.5, text: '2.5 (5 in 60 days)' });
    expect(kpi('overhead', { hosts: [aKpiHost(1, { cpuPercent: 0.1 }), aKpiHost(2, { cpuPercent: 0.3 }), aKpiHost(3)] })).toMatchObject({ text: '0.2 % (at most 0.3 %, 2 hosts)', limits: '1 managed host told nothing' });
  });
});
