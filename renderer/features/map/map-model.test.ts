import { expect, test } from 'vitest';
import { bundleEdges } from './bundle-edges.ts';
import { badgeText, buildMapModel, edgeLabel } from './map-model.ts';
import { aDrawnNode, aSeenEdge, aView } from './testing/map-builders.ts';

const aHost = (name: string, zone: string | null = null) => aDrawnNode({ id: `host:${name}`, zone, parent: zone === null ? null : `zone:${zone}` });

test('parallel edges become one that shows its worst verdict and names its ports', () => {
  const edges = [aSeenEdge('host:web', 'host:db', 5432), aSeenEdge('host:web', 'host:db', 22, 'would-block'), aSeenEdge('host:web', 'host:db', 80), aSeenEdge('host:web', 'host:db', 81)];
  const model = buildMapModel(aView({ nodes: [aHost('web'), aHost('db')], edges }), 'live');
  expect(model.edges.map(({ source, target, verdict, connections, lastSeenAtMs }) => ({ source, target, verdict, connections, lastSeenAtMs }))).toEqual([
    { source: 'host:web', target: 'host:db', verdict: 'would-block', connections: 4, lastSeenAtMs: 5432 },
  ]);
  expect(model.edges.map(edgeLabel)).toEqual(['! 22, 5432 +2']);
});

test('the draft view shows what the draft would do, says how much differs, and keeps what is live beside it', () => {
  const edges = [aSeenEdge('host:web', 'host:db', 5432, 'no-rule', { draft: 'allowed', differing: 1 }), aSeenEdge('host:web', 'host:db', 22, 'allowed')];
  const view = aView({ nodes: [aHost('web'), aHost('db')], edges });
  const shown = (lens: 'live' | 'draft') => buildMapModel(view, lens).edges.map(({ verdict, otherVerdict, differing }) => ({ verdict, otherVerdict, differing }));
  expect(shown('live')).toEqual([{ verdict: 'no-rule', otherVerdict: 'allowed', differing: 1 }]);
  expect(shown('draft')).toEqual([{ verdict: 'allowed', otherVerdict: 'no-rule', differing: 1 }]);
});

test('what goes on within a group that is shut is no line, and is told of it', () => {
  const zone = aDrawnNode({ id: 'zone:shop', kind: 'zone', zone: 'shop' });
  const model = buildMapModel(aView({ nodes: [zone], edges: [aSeenEdge('zone:shop', 'zone:shop', 5432, 'blocked', { pairs: 9 })], zones: ['shop'] }), 'live');
  expect(model.edges).toEqual([]);
  expect([...model.within].map(([id, edge]) => [id, edge.verdict, edgeLabel(edge)])).toEqual([['zone:shop', 'blocked', '× 5432 (9 pairs)']]);
});

test('three like edges into another zone become one to the zone, two do not, and neither do edges within a zone', () => {
  const shop = ['a', 'b', 'c'].map((name) => aHost(name, 'shop'));
  const bundledTo = (targets: readonly string[], source = aHost('mon', 'ops')) => {
    const edges = targets.map((name) => aSeenEdge(source.id, `host:${name}`, 9100));
    return bundleEdges(buildMapModel(aView({ nodes: [source, ...shop], edges, zones: ['ops', 'shop'] }), 'live')).edges.map((edge) => `${edge.source}>${edge.target}`);
  };
  expect(bundledTo(['a', 'b', 'c'])).toEqual(['host:mon>zone:shop']);
  expect(bundledTo(['a', 'b'])).toEqual(['host:mon>host:a', 'host:mon>host:b']);
  expect(bundledTo(['a', 'b', 'c'], aHost('mon', 'shop'))).toEqual(['host:mon>host:a', 'host:mon>host:b', 'host:mon>host:c']);
});

test('a bundle keeps what it stands for, and edges with another verdict stay out of it', () => {
  const shop = ['a', 'b', 'c', 'd'].map((name) => aHost(name, 'shop'));
  const edges = [...['a', 'b', 'c'].map((name) => aSeenEdge(`host:${name}`, 'host:log', 514)), aSeenEdge('host:d', 'host:log', 514, 'blocked')];
  const model = bundleEdges(buildMapModel(aView({ nodes: [aHost('log'), ...shop], edges, zones: ['shop'] }), 'live'));
  expect(model.edges.map(({ source, verdict, bundle, parts }) => ({ source, verdict, bundle, parts: parts.length }))).toEqual([
    { source: 'zone:shop', verdict: 'allowed', bundle: ['a', 'b', 'c'], parts: 3 },
    { source: 'host:d', verdict: 'blocked', bundle: null, parts: 1 },
  ]);
});

test('badges name at most three hubs, and say which of them a node is itself', () => {
  const hubs = ['DNS', 'NTP', 'Logs', 'Backup'].map((text) => ({ id: text, text, clients: 9, connections: 9, isFolded: true }));
  const badge = (hub: string, isProvider = false) => ({ hub, isProvider, connections: 1 });
  expect(badgeText({ ...aHost('web'), badges: [badge('DNS'), badge('NTP')] }, hubs)).toBe('DNS, NTP');
  expect(badgeText({ ...aHost('ns'), badges: [badge('NTP'), badge('Backup'), badge('Logs', true), badge('DNS')] }, hubs)).toBe('▸Logs, DNS, NTP +1');
  expect(badgeText(aHost('quiet'), hubs)).toBe('');
});
