import { expect, test } from 'vitest';
import { pathHits } from './edge-path.ts';
import { nodeBox } from './map-geometry.ts';
import { layOutMap } from './map-layout.ts';
import type { DrawnNode, MapModel } from './map-model.ts';
import { rankNodes } from './rank-nodes.ts';
import { routeEdges } from './route-edges.ts';

const link = (source: string, target: string) => ({ source, target });
const aNode = (id: string, zone: string | null): DrawnNode => ({ id, label: id, kind: 'host', zone, mode: null, members: [] });
const aModel = (nodes: readonly DrawnNode[], links: readonly { source: string; target: string }[]): MapModel => ({
  zones: [],
  nodes,
  edges: links.map(({ source, target }) => ({
    id: `${source}>${target}`,
    source,
    target,
    verdict: 'allowed',
    parts: [],
    connections: 1,
    lastSeenAtMs: 0,
    bundle: null,
  })),
});

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
    const model = { ...aModel(nodes, links), zones: ['x', 'y'].map((name) => ({ name, mode: 'observe' as const, hosts: 1 })) };
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
