import { expect, test } from 'vitest';
import { MapView } from '../../../shared/contract/views.ts';
import { EDGE_ORDER } from '../../ui/verdict-words.ts';
import { bundleEdges } from './bundle-edges.ts';
import { buildMapModel, type EdgeVerdict, edgeLabel, type MapFilters } from './map-model.ts';

const everything: MapFilters = { verdicts: new Set(EDGE_ORDER), text: '', isGrouped: true };
const hostId = (name: string) => `h_${name.replace(/\W/g, '').padEnd(12, '0')}`;
const aHost = (name: string, zone: string | null = null) => ({
  id: `host:${name}`,
  label: name,
  zone,
  host: hostId(name),
  kind: 'host',
  mode: 'observe',
  x: null,
  y: null,
});
const anOutsider = (name: string) => ({ id: `ext:${name}`, label: name, zone: null, host: null, kind: 'external', mode: null, x: null, y: null });
const anEdge = (source: string, target: string, port: number, verdict: EdgeVerdict = 'allowed', connections = 1) => ({
  id: `${source} ${target} ${port}`,
  source,
  target,
  protocol: 'tcp',
  port,
  verdict,
  connections,
  users: [],
  units: [],
  firstSeenAtMs: 0,
  lastSeenAtMs: port,
});
const aView = (nodes: readonly unknown[], edges: readonly unknown[], zones: readonly string[] = []) =>
  MapView.parse({ zones: zones.map((name) => ({ name, mode: 'observe', hosts: 1 })), nodes, edges, lost: [] });

test('parallel edges become one that shows its worst verdict and names its ports', () => {
  const view = aView(
    [aHost('web'), aHost('db')],
    [
      anEdge('host:web', 'host:db', 5432),
      anEdge('host:web', 'host:db', 22, 'would-block'),
      anEdge('host:web', 'host:db', 80),
      anEdge('host:web', 'host:db', 81),
    ],
  );
  const { edges } = buildMapModel(view, everything);
  expect(edges.map(({ source, target, verdict, connections, lastSeenAtMs }) => ({ source, target, verdict, connections, lastSeenAtMs }))).toEqual([
    { source: 'host:web', target: 'host:db', verdict: 'would-block', connections: 4, lastSeenAtMs: 5432 },
  ]);
  expect(edges.map(edgeLabel)).toEqual(['! 22, 5432 +2']);
});

test('a host without connections stays on the map, an outside peer without them does not', () => {
  const { nodes } = buildMapModel(aView([aHost('idle'), anOutsider('10.0.0.0/24')], []), everything);
  expect(nodes.map((node) => node.label)).toEqual(['idle']);
});

test('up to three unnamed peers are drawn, a fourth makes them one node; a named list is never hidden', () => {
  const outsiders = (count: number) => [...Array.from({ length: count }, (_, i) => anOutsider(`203.0.${i}.0/24`)), anOutsider('office')];
  const labels = (count: number) =>
    buildMapModel(
      aView(
        [aHost('web'), ...outsiders(count)],
        outsiders(count).map((peer) => anEdge(peer.id, 'host:web', 443)),
      ),
      everything,
    ).nodes.map((node) => node.label);
  expect(labels(3)).toEqual(['web', '203.0.0.0/24', '203.0.1.0/24', '203.0.2.0/24', 'office']);
  expect(labels(4)).toEqual(['web', 'office', '4 outside callers']);
});

test('filters keep the edges that fit and only the nodes that they need', () => {
  const view = aView([aHost('web'), aHost('db'), aHost('mail')], [anEdge('host:web', 'host:db', 5432), anEdge('host:web', 'host:mail', 25, 'blocked')]);
  const shown = (filters: Partial<MapFilters>) => buildMapModel(view, { ...everything, ...filters }).nodes.map((node) => node.label);
  expect(shown({ verdicts: new Set<EdgeVerdict>(['blocked']) })).toEqual(['web', 'mail']);
  expect(shown({ text: 'tcp/5432' })).toEqual(['web', 'db']);
  expect(shown({ text: 'nothing like it' })).toEqual([]);
});

test('three like edges into another zone become one to the zone, two do not, and neither do edges within a zone', () => {
  const shop = ['a', 'b', 'c'].map((name) => aHost(name, 'shop'));
  const bundledTo = (targets: readonly string[], source = aHost('mon', 'ops')) =>
    bundleEdges(
      buildMapModel(
        aView(
          [source, ...shop],
          targets.map((name) => anEdge(source.id, `host:${name}`, 9100)),
          ['ops', 'shop'],
        ),
        everything,
      ),
    ).edges.map((edge) => `${edge.source}>${edge.target}`);
  expect(bundledTo(['a', 'b', 'c'])).toEqual(['host:mon>zone:shop']);
  expect(bundledTo(['a', 'b'])).toEqual(['host:mon>host:a', 'host:mon>host:b']);
  expect(bundledTo(['a', 'b', 'c'], aHost('mon', 'shop'))).toEqual(['host:mon>host:a', 'host:mon>host:b', 'host:mon>host:c']);
});

test('a bundle keeps what it stands for, and edges with another verdict stay out of it', () => {
  const shop = ['a', 'b', 'c', 'd'].map((name) => aHost(name, 'shop'));
  const edges = [
    anEdge('host:a', 'host:log', 514),
    anEdge('host:b', 'host:log', 514),
    anEdge('host:c', 'host:log', 514),
    anEdge('host:d', 'host:log', 514, 'blocked'),
  ];
  const model = bundleEdges(buildMapModel(aView([aHost('log'), ...shop], edges, ['shop']), everything));
  expect(model.edges.map(({ source, verdict, bundle, parts }) => ({ source, verdict, bundle, parts: parts.length }))).toEqual([
    { source: 'zone:shop', verdict: 'allowed', bundle: ['a', 'b', 'c'], parts: 3 },
    { source: 'host:d', verdict: 'blocked', bundle: null, parts: 1 },
  ]);
});
