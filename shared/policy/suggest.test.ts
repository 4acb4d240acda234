import { expect, it } from 'vitest';
import type { Flow } from '../model/flow.ts';
import { printPeer } from '../text/peer-text.ts';
import { printServiceRefs } from '../text/service-text.ts';
import { suggestRules } from './suggest.ts';
import { aFlow } from './testing/a-flow.ts';
import { aHost, aPolicy, aRule, aZone, hostId } from './testing/builders.ts';

const HOSTS = [
  aHost({ n: 1, labels: 'app=shop,role=db,env=prod' }),
  aHost({ n: 2, labels: 'app=shop,role=web,env=prod' }),
  aHost({ n: 3, labels: 'app=shop,role=web,env=prod' }),
  aHost({ n: 4, labels: 'app=ops,role=mon' }),
  aHost({ n: 5 }),
];
const POLICY = aPolicy({ zones: [aZone({ mode: 'observe' })] });
const suggest = (flows: Flow[], policy = POLICY, zone: string | null = null) => {
  const { suggestions, unexplained } = suggestRules(flows, policy, HOSTS, { nowMs: Date.UTC(2026, 0, 15), zone });
  return {
    rules: suggestions.map(
      (one) =>
        `${printPeer(one.rule.from)} → ${printPeer(one.rule.to)} ${printServiceRefs(one.rule.services)} explains ${one.explains} (${one.connections}), ${one.neverSeen} never seen`,
    ),
    unexplained,
  };
};
const from = (n: number, input: Partial<Flow> = {}) => aFlow({ peerAddress: `10.0.0.${n}`, peerName: `h${n}`, ...input });

it('suggests role to role within an app, and counts what was never seen', () => {
  expect(suggest([from(2)])).toEqual({
    rules: ['app=shop,role=web,env=prod → app=shop,role=db,env=prod tcp/5432 explains 1 (10), 1 never seen'],
    unexplained: [],
  });
});

it('makes one rule of all services of two ends, and of all their hosts', () => {
  const flows = [from(2), from(3, { connections: 1 }), from(2, { port: 9187, connections: 5 }), from(2, { protocol: 'udp', port: 53, connections: 1 })];
  expect(suggest(flows).rules).toEqual(['app=shop,role=web,env=prod → app=shop,role=db,env=prod tcp/5432,tcp/9187,udp/53 explains 4 (17), 2 never seen']);
});

it('suggests a whole app as consumer across apps, and hosts where labels are missing', () => {
  expect(suggest([from(4), from(5, { connections: 3 })]).rules).toEqual([
    'app=ops → app=shop,role=db,env=prod tcp/5432 explains 1 (10), 0 never seen',
    'host:h5 → app=shop,role=db,env=prod tcp/5432 explains 1 (3), 0 never seen',
  ]);
});

it('takes the reports of both ends as one conversation', () => {
  const out = aFlow({ reporter: hostId(2), reporterName: 'h2', direction: 'out', peerAddress: '10.0.0.1', peerName: 'h1', connections: 12 });
  expect(suggest([from(2), out]).rules).toEqual(['app=shop,role=web,env=prod → app=shop,role=db,env=prod tcp/5432 explains 1 (12), 1 never seen']);
});

it('does not depend on the order of flows', () => {
  const flows = [from(2), from(3, { port: 1 }), from(4), from(5, { port: 7 }), aFlow({ peerAddress: '203.0.113.5', peerName: '203.0.113.5' })];
  expect(suggest([...flows].reverse())).toEqual(suggest(flows));
});

it('leaves out what a rule allows, what a rule denies, and what was refused', () => {
  expect(suggest([from(2)], { ...POLICY, rules: [aRule()] }).rules).toEqual([]);
  expect(suggest([from(2)], { ...POLICY, rules: [aRule({ action: 'deny' })] }).rules).toEqual([]);
  expect(suggest([from(2, { verdict: 'blocked' })]).rules).toEqual([]);
  expect(suggest([from(2, { verdict: 'would-block' })]).rules).toHaveLength(1);
});

it('lists strangers, scans and protocols without ports instead of opening for them', () => {
  const stranger = aFlow({ peerAddress: '203.0.113.5', peerName: '203.0.113.5' });
  const scan = from(2, { port: 31_337, unit: null });
  const scanSeenByConsumer = aFlow({
    reporter: hostId(2),
    reporterName: 'h2',
    direction: 'out',
    peerAddress: '10.0.0.1',
    peerName: 'h1',
    port: 31_337,
    connections: 1,
  });
  const gre = from(2, { protocol: 'gre', port: 0 });
  expect(suggest([from(2), stranger, scan, scanSeenByConsumer, gre])).toEqual({
    rules: ['app=shop,role=web,env=prod → app=shop,role=db,env=prod tcp/5432 explains 1 (10), 1 never seen'],
    unexplained: [
      'h2 → h1 tcp/31337: nothing listened there when it was seen, as in a port scan (11 connections)',
      '203.0.113.5 → h1 tcp/5432: 203.0.113.5 is no host of this workspace; add it as an unmanaged host, or write a rule for an IP list (10 connections)',
      'h2 → h1 gre: it has no ports, so a rule for it would be wide; write it by hand (10 connections)',
    ],
  });
});

it('keeps to the zone that was asked for', () => {
  const policy = aPolicy({ zones: [aZone(), aZone({ name: 'ops', select: 'app=ops' })] });
  expect(suggest([from(2)], policy, 'ops').rules).toEqual([]);
  expect(suggest([from(2)], policy, 'shop').rules).toHaveLength(1);
});

it('does not ask for rules that open outbound does not need', () => {
  const out = aFlow({ reporter: hostId(2), reporterName: 'h2', direction: 'out', peerAddress: '203.0.113.5', peerName: '203.0.113.5', port: 443 });
  expect(suggest([out])).toEqual({ rules: [], unexplained: [] });
  expect(suggest([out], aPolicy({ zones: [aZone({ outbound: 'restricted' })] })).unexplained).toHaveLength(1);
});

it('gives nothing for nothing', () => expect(suggest([])).toEqual({ rules: [], unexplained: [] }));
