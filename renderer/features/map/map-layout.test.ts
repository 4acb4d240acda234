import { expect, test } from 'vitest';
import { pathHits } from './edge-path.ts';
import { FAR_FONTS_PX, hull, nearness, NODE_WIDTH_PX, nodeBox } from './map-geometry.ts';
import { layOutMap } from './map-layout.ts';
import type { DrawnNode, MapModel } from './map-model.ts';
import { aDrawnEdge, aDrawnGroup, aDrawnModel, aDrawnNode, aSeenEdge } from './testing/map-builders.ts';
import { rankNodes } from './rank-nodes.ts';
import { routeEdges } from './route-edges.ts';

const link = (source: string, target: string) => ({ source, target });
const aNode = (id: string, zone: string | null): DrawnNode => aDrawnNode({ id, label: id, zone, parent: zone === null ? null : `zone:${zone}` });
const aModel = (nodes: readonly DrawnNode[], links: readonly { source: string; target: string }[]): MapModel =>
  aDrawnModel({ nodes, edges: links.map(({ source, target }) => aDrawnEdge({ source, target })) });

test('consumers come before what they call, by the longest path', () => {
  const ranks = rankNodes(['db', 'app', 'web'], [link('web', 'app'), link('app', 'db'), link('web', 'db')]);
  expect([...ranks]).toEqual([
    ['db', 2],
    ['app', 1],
    ['web', 0],
  ]);
});

test('a cycle is broken instead of looping, and nothing is lost', () => {
  const ranks = rankNodes(['a', 'b', 'c'], [link('a', 'b'), link('b', 'c'), link('c', 'a')]);
  expect([...ranks.values()].toSorted()).toEqual([0, 1, 2]);
  expect([...rankNodes([], [])]).toEqual([]);
  expect([...rankNodes(['alone'], [])]).toEqual([['alone', 0]]);
});

test('no two nodes share a place, small site or large, and the same model gives the same picture', () => {
  for (const count of [2, 30, 90]) {
    const nodes = Array.from({ length: count }, (_, i) => aNode(`n${i}`, ['x', 'y', null][i % 3] ?? null));
    const links = nodes.slice(1).map((node, i) => link(`n${Math.floor(i / 2)}`, node.id));
    const model = { ...aModel(nodes, links), zones: ['x', 'y'].map((name) => ({ name, mode: 'observe' as const, hosts: 1 })), groups: ['x', 'y'].map((name) => aDrawnGroup({ id: `zone:${name}`, zone: name })) };
    const layout = layOutMap(model);
    expect(new Set([...layout.nodes.values()].map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`)).size).toBe(count);
    expect(layOutMap(model)).toEqual(layout);
  }
});

test('an empty model is an empty picture', () => {
  expect(layOutMap(aModel([], [])).nodes.size).toBe(0);
});

test('two hosts that talk stand side by side, the caller on the left', () => {
  const { nodes } = layOutMap(aModel([aNode('db', null), aNode('web', null)], [link('web', 'db')]));
  const [web, db] = [nodes.get('web'), nodes.get('db')];
  expect(web?.y).toBe(db?.y);
  expect(web?.x).toBeLessThan(db?.x ?? 0);
});

const at = (id: string, x: number) => aDrawnNode({ id, x, y: 0 });
const busyLink = (verdict: 'blocked' | 'allowed') =>
  aDrawnEdge({ source: 'a', target: 'b', verdict, parts: [5672, 6379, 9200, 9300].map((port) => aSeenEdge('a', 'b', port, verdict)), pairs: 28 });

test('a label that has no room between its ends is told shorter, and what is refused is told even then', () => {
  const shown = (apartPx: number, verdict: 'blocked' | 'allowed') => {
    const { short, bare } = layOutMap(aDrawnModel({ nodes: [at('a', 0), at('b', NODE_WIDTH_PX + apartPx)], edges: [busyLink(verdict)] }));
    return [short.size, bare.size];
  };
  expect([shown(400, 'blocked'), shown(110, 'blocked'), shown(110, 'allowed'), shown(40, 'blocked'), shown(40, 'allowed')]).toEqual([[0, 0], [1, 0], [1, 0], [1, 0], [1, 1]]);
});

test('with 250 zones their names can still be read when the picture fits a small window', () => {
  const nodes = Array.from({ length: 250 }, (_, i) => aDrawnNode({ id: `zone:app${i}`, kind: 'zone', zone: `app${i}`, count: 40 }));
  const places = layOutMap(aDrawnModel({ picture: 'groups', nodes })).nodes;
  const box = hull([...places.values()].map((place) => nodeBox('zone', place)));
  const zoom = Math.min(1032 / (box.x2 - box.x1), 600 / (box.y2 - box.y1));
  expect(nearness(zoom)).toBe('far');
  expect(zoom * FAR_FONTS_PX.far.group).toBeGreaterThan(9);
});

const sceneOf = (places: Record<string, number>) => ({
  nodes: new Map(Object.entries(places).map(([id, x]) => [id, nodeBox('host', { x, y: 0 })])),
  titles: [],
  zones: new Map(),
});

test('an edge bows round a node that stands in its way and is straight where none does', () => {
  const routes = routeEdges(
    [
      { id: 'next', source: 'a', target: 'b' },
      { id: 'over', source: 'a', target: 'c' },
      { id: 'lost', source: 'a', target: 'zone:x' },
    ],
    sceneOf({ a: 0, b: 300, c: 600 }),
  );
  expect(routes.get('next')?.bend.px).toBe(0);
  expect(routes.get('over')?.bend.px).not.toBe(0);
  expect(pathHits(routes.get('over')?.path ?? [], nodeBox('host', { x: 300, y: 0 }), 0)).toBe(false);
  expect(routes.has('lost')).toBe(false);
});
