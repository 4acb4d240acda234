import { expect, it } from 'vitest';
import type { Flow } from '../model/flow.ts';
import { suggestRules } from './suggest.ts';
import type { SuggestOptions } from './suggest-options.ts';
import { aFlow } from './testing/a-flow.ts';
import { aHost, aPolicy, aZone, hostId, peer } from './testing/builders.ts';

const HOSTS = [aHost({ n: 1, labels: 'app=shop,role=db' }), aHost({ n: 2, labels: 'app=shop,role=web' }), aHost({ n: 3, labels: 'app=ops,role=scan' })];
const POLICY = aPolicy({ zones: [aZone({ mode: 'observe' })] });
const suggest = (flows: Flow[], more: Partial<SuggestOptions> = {}) => suggestRules(flows, POLICY, HOSTS, { nowMs: Date.UTC(2026, 0, 15), zone: null, ...more });
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
/** Host 1 names its listener elsewhere, so a missing one is a closed port. */
const NAMED = aFlow({ peerAddress: '10.0.0.2', peerName: 'h2' });
const probes = (address: string, count: number) => numbers(count).map((port) => aFlow({ peerAddress: address, peerName: address, port, unit: null, connections: 1 }));
const hit = (address: string) => aFlow({ peerAddress: address, peerName: address, connections: 1 });

it('a port scan is set aside with what it tried and what listened, and is no reason for a rule', () => {
  const { suggestions, setAside, unexplained, totals } = suggest([NAMED, ...probes('10.0.0.66', 40), hit('10.0.0.66')]);
  expect(suggestions).toHaveLength(1);
  expect(setAside).toEqual([
    { peer: peer('10.0.0.66'), why: 'scan', text: '10.0.0.66 tried 41 ports on 1 host, 1 listened: h1 tcp/5432', exchanges: 41, connections: 41 },
  ]);
  expect(unexplained).toEqual([]);
  expect(totals).toMatchObject({ setAsideConnections: 41, connections: 10, explained: 1 });
});

it('a scanner is kept when asked: its closed ports are unexplained and its open ones become rules', () => {
  const scan = [NAMED, ...probes('10.0.0.3', 40).map((flow) => ({ ...flow, peerName: 'h3' })), { ...hit('10.0.0.3'), peerName: 'h3' }];
  expect(suggest(scan).setAside[0]).toMatchObject({ why: 'scan', peer: { kind: 'host', host: 'h3' } });
  const { suggestions, setAside, unexplained } = suggest(scan, { keepScanners: true });
  expect([suggestions.length, setAside.length, unexplained.length]).toEqual([2, 0, 40]);
});

it('19 closed ports are no scan, and neither are 20 of a host that finds more open ones', () => {
  expect(suggest([NAMED, ...probes('10.0.0.66', 19)]).setAside).toEqual([]);
  expect(suggest([NAMED, ...probes('10.0.0.66', 20)]).setAside).toHaveLength(1);
  const works = numbers(7).map((port) => aFlow({ peerAddress: '10.0.0.66', peerName: '10.0.0.66', port: 2000 + port }));
  expect(suggest([NAMED, ...probes('10.0.0.66', 20), ...works]).setAside).toEqual([]);
});

it('silence is no closed port on a host that names no listener', () => {
  expect(suggest(probes('10.0.0.66', 40)).setAside).toEqual([]);
});

it('what comes from a peer that was named is set aside: a network, a host by label, and nothing else', () => {
  const flows = [NAMED, hit('203.0.113.9'), aFlow({ reporter: hostId(2), reporterName: 'h2', peerAddress: '10.0.0.3', peerName: 'h3', port: 22 })];
  expect(suggest(flows, { setAside: [peer('203.0.113.0/24')] }).setAside.map(({ text }) => text)).toEqual(['203.0.113.9 set aside as asked (203.0.113.0/24)']);
  const { setAside, suggestions } = suggest(flows, { setAside: [peer('role=scan')] });
  expect(setAside).toMatchObject([{ why: 'asked', text: 'h3 set aside as asked (role=scan)', connections: 10 }]);
  expect(suggestions.map(({ rule }) => rule.from)).toEqual([peer('app=shop,role=web')]);
});

it('a scan that a host refused is not worth telling: nothing of it was let through', () => {
  const refused = probes('10.0.0.66', 40).map((flow): Flow => ({ ...flow, verdict: 'blocked' }));
  expect(suggest([NAMED, ...refused]).setAside).toEqual([]);
});
