import { expect, test } from 'vitest';
import { bendOf } from './edge-bend.ts';
import { layOutMap } from './map-layout.ts';
import type { DrawnNode, MapModel } from './map-model.ts';
import { rankNodes } from './rank-nodes.ts';

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

test('no two nodes share a place, and the same model gives the same places', () => {
  const nodes = Array.from({ length: 30 }, (_, i) => aNode(`n${i}`, ['x', 'y', null][i % 3] ?? null));
  const links = nodes.slice(1).map((node, i) => link(`n${Math.floor(i / 2)}`, node.id));
  const places = layOutMap(aModel(nodes, links));
  expect(new Set([...places.values()].map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`)).size).toBe(30);
  expect([...layOutMap(aModel(nodes, links))]).toEqual([...places]);
});

test('an edge bows round a node that stands in its way and is straight where none does', () => {
  const places = new Map([
    ['a', { x: 0, y: 0 }],
    ['b', { x: 300, y: 0 }],
    ['c', { x: 600, y: 0 }],
  ]);
  expect(bendOf(link('a', 'b'), [], places)).toBe(0);
  expect(Math.abs(bendOf(link('a', 'c'), [], places))).toBeGreaterThan(60);
  expect(bendOf(link('a', 'zone:x'), [], places)).toBe(0);
});
