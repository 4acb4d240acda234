import { describe, expect, it } from 'vitest';
import type { Flow } from '../model/flow.ts';
import type { Rule } from '../model/policy.ts';
import { printPeer } from '../text/peer-text.ts';
import { printServiceRefs } from '../text/service-text.ts';
import { suggestRules } from './suggest.ts';
import type { SuggestOptions } from './suggest-options.ts';
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
const suggest = (flows: Flow[], policy = POLICY, zone: string | null = null, more: Partial<SuggestOptions> = {}) => {
  const { suggestions, unexplained } = suggestRules(flows, policy, HOSTS, { nowMs: Date.UTC(2026, 0, 15), zone, ...more });
  return {
    rules: suggestions.map(
      (one) =>
        `${printPeer(one.rule.from)} → ${printPeer(one.rule.to)} ${printServiceRefs(one.rule.services)} explains ${one.explains} (${one.connections}), ${one.neverSeen} never seen`,
    ),
    unexplained,
  };
};
const from = (n: number, input: Partial<Flow> = {}) => aFlow({ peerAddress: `10.0.0.${n}`, peerName: `h${n}`, ...input });

const WHOLE = { wholeRoles: true } as const;

it('suggests role to role within an app where all of both spoke, and else the hosts that did', () => {
  expect(suggest([from(2), from(3)])).toEqual({
    rules: ['app=shop,role=web,env=prod → app=shop,role=db,env=prod tcp/5432 explains 2 (20), 0 never seen'],
    unexplained: [],
  });
  expect(suggest([from(2)]).rules).toEqual(['host:h2 → app=shop,role=db,env=prod tcp/5432 explains 1 (10), 0 never seen']);
});

it('keeps whole roles when asked, and counts what was never seen', () => {
  expect(suggest([from(2)], POLICY, null, WHOLE).rules).toEqual(['app=shop,role=web,env=prod → app=shop,role=db,env=prod tcp/5432 explains 1 (10), 1 never seen']);
});

it('makes one rule of all services of two ends, and of all their hosts', () => {
  const flows = [from(2), from(3, { connections: 1 }), from(2, { port: 9187, connections: 5 }), from(2, { protocol: 'udp', port: 53, connections: 1 })];
  expect(suggest(flows, POLICY, null, WHOLE).rules).toEqual(['app=shop,role=web,env=prod → app=shop,role=db,env=prod tcp/5432,tcp/9187,udp/53 explains 4 (17), 2 never seen']);
  expect(suggest(flows).rules).toEqual([
    'app=shop,role=web,env=prod → app=shop,role=db,env=prod tcp/5432 explains 2 (11), 0 never seen',
    'host:h2 → app=shop,role=db,env=prod tcp/9187,udp/53 explains 2 (6), 0 never seen',
  ]);
});

it('suggests role to role across apps, and hosts where labels are missing', () => {
  expect(suggest([from(4), from(5, { connections: 3 })]).rules).toEqual([
    'app=ops,role=mon → app=shop,role=db,env=prod tcp/5432 explains 1 (10), 0 never seen',
    'host:h5 → app=shop,role=db,env=prod tcp/5432 explains 1 (3), 0 never seen',
  ]);
});

it('takes the reports of both ends as one conversation', () => {
  const out = aFlow({ reporter: hostId(2), reporterName: 'h2', direction: 'out', peerAddress: '10.0.0.1', peerName: 'h1', connections: 12 });
  expect(suggest([from(2), out]).rules).toEqual(['host:h2 → app=shop,role=db,env=prod tcp/5432 explains 1 (12), 0 never seen']);
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
    rules: ['host:h2 → app=shop,role=db,env=prod tcp/5432 explains 1 (10), 0 never seen'],
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

const SITE = [
  aHost({ n: 1, labels: 'app=shop,role=db,env=prod,loc=fra' }),
  aHost({ n: 2, labels: 'app=shop,role=db,env=prod,loc=ber' }),
  aHost({ n: 3, labels: 'app=shop,role=web,env=prod,loc=fra' }),
  aHost({ n: 4, labels: 'app=shop,role=web,env=prod,loc=fra' }),
  aHost({ n: 5, labels: 'app=shop,role=web,env=prod,loc=ber' }),
];
const atSite = (pairs: readonly (readonly [number, number])[], more: Partial<SuggestOptions> = {}, hosts = SITE) => {
  const flows = pairs.map(([consumer, provider]) => aFlow({ reporter: hostId(provider), reporterName: `h${provider}`, peerAddress: `10.0.0.${consumer}`, peerName: `h${consumer}` }));
  const { suggestions, totals } = suggestRules(flows, aPolicy({ zones: [aZone()] }), hosts, { nowMs: Date.UTC(2026, 0, 15), zone: null, ...more });
  return { rules: suggestions.map(({ rule, neverSeen }) => `${printPeer(rule.from)} → ${printPeer(rule.to)} never ${neverSeen}`), totals, suggestions };
};

describe('within an app', () => {
  it('only the database that is used is opened, and the whole role is what it was narrowed from', () => {
    const { rules, suggestions } = atSite([[3, 1], [4, 1], [5, 1]]);
    expect(rules).toEqual(['app=shop,role=web,env=prod → host:h1 never 0']);
    expect(suggestions[0]?.narrowed).toBe('app=shop,role=web,env=prod → app=shop,role=db,env=prod would newly permit 3 never seen');
  });

  it('some hosts of a role are named by the label that the others lack', () => {
    expect(atSite([[3, 1], [4, 1]]).rules).toEqual(['app=shop,role=web,env=prod,loc=fra → host:h1 never 0']);
  });

  it('hosts of one role that all speak to each other are one rule', () => {
    expect(atSite([[1, 2], [2, 1]]).rules).toEqual(['app=shop,role=db,env=prod → app=shop,role=db,env=prod never 0']);
    expect(atSite([[1, 2]]).rules).toEqual(['host:h1 → host:h2 never 0']);
  });

  it('what three rules cannot say stays one rule between roles, and is counted', () => {
    const mesh = [aHost({ n: 6, labels: 'app=shop,role=web,env=prod,loc=rom' }), aHost({ n: 7, labels: 'app=shop,role=db,env=prod,loc=rom' })];
    const pairs = [[3, 1], [4, 2], [5, 7], [6, 1], [6, 2], [3, 7]] as const;
    expect(atSite(pairs, {}, [...SITE, ...mesh]).rules).toEqual(['app=shop,role=web,env=prod → app=shop,role=db,env=prod never 6']);
  });
});

describe('a width', () => {
  const HOSTS_OF_TWO = [...SITE, aHost({ n: 6, labels: 'app=crm,role=web,env=prod' }), aHost({ n: 7, labels: 'app=crm,role=app,env=prod' })];
  it('of apps widens an end only where that saves a rule', () => {
    expect(atSite([[6, 1]], { maxWidth: 'app' }, HOSTS_OF_TWO).rules).toEqual(['app=crm,role=web,env=prod → app=shop,role=db,env=prod never 1']);
    expect(atSite([[6, 1], [7, 3]], { maxWidth: 'app' }, HOSTS_OF_TWO).rules).toEqual(['app=crm,env=prod → app=shop,env=prod never 8']);
  });

  it('of zones names zones, and apps where hosts are in none', () => {
    const zones = [aZone({ name: 'front', select: 'role=web' })];
    const flows = ([[6, 1], [3, 1], [7, 3]] as const).map(([consumer, provider]) => aFlow({ reporter: hostId(provider), peerAddress: `10.0.0.${consumer}`, reporterName: `h${provider}`, peerName: `h${consumer}` }));
    const rulesOf = (maxWidth: 'app' | 'zone') => {
      const all = zones.map((zone) => ({ ...zone, select: aZone({ select: 'role!=x' }).select }));
      return suggestRules(flows, aPolicy({ zones: maxWidth === 'app' ? all : [...zones, aZone({ name: 'data', select: 'role=db' })] }), HOSTS_OF_TWO, { nowMs: Date.UTC(2026, 0, 15), zone: null, maxWidth }).suggestions.map(({ rule }) => `${printPeer(rule.from)} → ${printPeer(rule.to)}`);
    };
    expect(rulesOf('zone')).toEqual(['zone:front → app=shop,role=db,env=prod', 'app=crm,role=app,env=prod → app=shop,role=web,env=prod']);
    expect(rulesOf('app')).toEqual(['app=crm,env=prod → app=shop,env=prod', 'app=shop,role=web,env=prod → app=shop,role=db,env=prod']);
  });

  it('of roles never opens another env, also where a host has none', () => {
    const hosts = [...SITE, aHost({ n: 6, labels: 'app=shop,role=web' })];
    expect(atSite([[6, 1]], {}, hosts).rules).toEqual(['host:h6 → host:h1 never 0']);
  });
});

it('roles of one app that use the same are one rule, which permits no more', () => {
  const hosts = [...SITE, aHost({ n: 6, labels: 'app=shop,role=api,env=prod' })];
  const pairs = [3, 4, 5, 6].flatMap((consumer) => [[consumer, 1] as const, [consumer, 2] as const]);
  expect(atSite(pairs, {}, hosts).rules).toEqual(['app=shop,role=api|web,env=prod → app=shop,role=db,env=prod never 0']);
});

it('what the draft permits already is not new, and what it denies stays denied', () => {
  const flows = [from(2)];
  const more = { wholeRoles: true };
  const count = (rules: Rule[]) => suggestRules(flows, aPolicy({ zones: [aZone()], rules }), HOSTS, { nowMs: Date.UTC(2026, 0, 15), zone: null, ...more }).suggestions.map((one) => [one.neverSeen, one.permittedBefore]);
  expect(count([])).toEqual([[1, 0]]);
  expect(count([aRule({ from: 'host:h3', to: 'role=db' })])).toEqual([[0, 1]]);
  expect(count([aRule({ action: 'deny', from: '10.0.0.3', to: 'any', services: 'any' })])).toEqual([[0, 0]]);
});

it('says where a deny rule hangs on what was not recorded, instead of suggesting in vain', () => {
  const denied = aPolicy({ zones: [aZone({ outbound: 'restricted' })], rules: [aRule(), aRule({ n: 2, action: 'deny', from: 'role=web', to: 'any', as: 'user:root', services: 'any' })] });
  const out = aFlow({ reporter: hostId(2), reporterName: 'h2', direction: 'out', peerAddress: '10.0.0.1', peerName: 'h1', user: null });
  expect(suggest([out], denied)).toMatchObject({ rules: [], unexplained: [expect.stringContaining('depends on the user')] });
});

it('customers from many addresses at one service are one line', () => {
  const flows = [1, 2, 3, 4].map((n) => aFlow({ peerAddress: `203.0.113.${n}`, peerName: `203.0.113.${n}`, port: 443 }));
  expect(suggest(flows).unexplained).toEqual([
    '4 addresses (203.0.113.1, 203.0.113.2 …) → h1 tcp/443: they are no hosts of this workspace; write a rule for an IP list, or for any (40 connections)',
  ]);
  expect(suggest([aFlow({ peerAddress: '10.30.1.1', peerName: 'office' })]).unexplained).toEqual(['office → h1 tcp/5432: office is an IP list; write a rule for iplist:office (10 connections)']);
});
