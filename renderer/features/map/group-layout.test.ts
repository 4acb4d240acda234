import { expect, test } from 'vitest';
import { layOutGroups } from './group-layout.ts';
import { nodeBox, overlap, type Position } from './map-geometry.ts';
import type { MapModel } from './map-model.ts';
import { pushApart } from './push-apart.ts';
import { aDrawnEdge, aDrawnGroup, aDrawnModel, aDrawnNode } from './testing/map-builders.ts';

const ZONES = ['crm', 'dev', 'edge', 'ops', 'shop', 'web', 'data', 'backup', 'mail', 'lab', 'vpn', 'dmz'];
const aZone = (name: string) => aDrawnNode({ id: `zone:${name}`, kind: 'zone', zone: name, count: 9 });
const links = ZONES.slice(1).map((name, index) => aDrawnEdge({ source: `zone:${ZONES[index]}`, target: `zone:${name}` }));

/** The site with these zones open, each with nine roles in it. */
function siteWith(open: readonly string[], edges = links): MapModel {
  const roles = open.flatMap((zone) => Array.from({ length: 9 }, (_, i) => aDrawnNode({ id: `role:${zone}|${i}`, kind: 'role', zone, parent: `zone:${zone}` })));
  const topEdges = edges.map((edge) => ({ ...edge, source: inside(edge.source, open), target: inside(edge.target, open) }));
  return aDrawnModel({ picture: 'groups', groups: open.map((zone) => aDrawnGroup({ id: `zone:${zone}`, zone })), nodes: [...ZONES.filter((zone) => !open.includes(zone)).map(aZone), ...roles], edges: topEdges });
}
const inside = (id: string, open: readonly string[]) => (open.includes(id.replace('zone:', '')) ? `role:${id.replace('zone:', '')}|0` : id);

const movedIn = (before: ReadonlyMap<string, Position>, after: ReadonlyMap<string, Position>) =>
  [...before].filter(([id, { x, y }]) => after.has(id) && (after.get(id)?.x !== x || after.get(id)?.y !== y)).map(([id]) => id);

test('opening a zone moves only what is in its way, and shutting it puts all back', () => {
  const shut = layOutGroups(siteWith([]));
  const open = layOutGroups(siteWith(['ops']));
  expect(open.anchors).toEqual(shut.anchors);
  const moved = movedIn(shut.nodes, open.nodes);
  expect(moved.length).toBeGreaterThan(0);
  expect(moved.length).toBeLessThan(ZONES.length - 1);
  expect(layOutGroups(siteWith([]))).toEqual(shut);
});

test('nothing lies on anything else, with two zones open too', () => {
  const { nodes, frames } = layOutGroups(siteWith(['ops', 'edge']));
  const zones = [...nodes].filter(([id]) => id.startsWith('zone:')).map(([id, at]) => ({ id, box: nodeBox('zone', at) }));
  const boxes = [...zones, ...[...frames].map(([id, frame]) => ({ id, box: frame.box }))];
  expect(boxes.flatMap((a) => boxes.filter((b) => a.id < b.id && overlap(a.box, b.box)).map((b) => `${a.id} ${b.id}`))).toEqual([]);
  const roles = [...nodes].filter(([id]) => id.startsWith('role:')).map(([, at]) => nodeBox('role', at));
  expect(roles.filter((a) => roles.some((b) => a !== b && overlap(a, b)))).toEqual([]);
});

test('zones stay where they were drawn before when others talk, and a new one is put beside them', () => {
  const first = layOutGroups(siteWith([]));
  const keep = (model: MapModel): MapModel => ({ ...model, nodes: model.nodes.map((node) => ({ ...node, keptX: first.anchors.get(node.id)?.x ?? null, keptY: first.anchors.get(node.id)?.y ?? null })) });
  const turned = keep(siteWith([], links.map(({ source, target }) => aDrawnEdge({ source: target, target: source }))));
  const after = layOutGroups({ ...turned, nodes: [...turned.nodes, aZone('new')] });
  expect(movedIn(first.nodes, after.nodes)).toEqual([]);
  const fresh = nodeBox('zone', after.nodes.get('zone:new') ?? { x: 0, y: 0 });
  expect([...first.nodes.values()].filter((at) => overlap(nodeBox('zone', at), fresh))).toEqual([]);
});

test('a zone that was put somewhere by hand is there, open or shut', () => {
  const model = siteWith([]);
  const nodes = model.nodes.map((node) => (node.id === 'zone:ops' ? { ...node, x: 4000, y: -900 } : node));
  expect(layOutGroups({ ...model, nodes }).nodes.get('zone:ops')).toEqual({ x: 4000, y: -900 });
  const opened = siteWith(['ops']);
  const { box } = layOutGroups({ ...opened, groups: opened.groups.map((group) => ({ ...group, x: 4000, y: -900 })) }).frames.get('zone:ops') ?? { box: nodeBox('zone', { x: 0, y: 0 }) };
  expect([(box.x1 + box.x2) / 2, (box.y1 + box.y2) / 2].map(Math.round)).toEqual([4000, -900]);
});

test('an application opened in a zone has a box of its own within the zone’s', () => {
  const model = aDrawnModel({
    picture: 'groups',
    groups: [aDrawnGroup({ id: 'zone:shop', zone: 'shop' }), aDrawnGroup({ id: 'app:shop|web', kind: 'app', zone: 'shop', parent: 'zone:shop' })],
    nodes: [aDrawnNode({ id: 'app:shop|db', kind: 'app', parent: 'zone:shop' }), aDrawnNode({ id: 'host:a', parent: 'app:shop|web' }), aDrawnNode({ id: 'host:b', parent: 'app:shop|web' })],
  });
  const { frames, nodes } = layOutGroups(model);
  const [outer, inner] = [frames.get('zone:shop')?.box, frames.get('app:shop|web')?.box];
  if (outer === undefined || inner === undefined) throw new Error('a box is missing');
  expect([inner.x1 > outer.x1, inner.y1 > outer.y1, inner.x2 < outer.x2, inner.y2 < outer.y2]).toEqual([true, true, true, true]);
  expect(overlap(inner, nodeBox('app', nodes.get('app:shop|db') ?? { x: 0, y: 0 }))).toBe(false);
});

test('nothing, one and two of them are pushed apart', () => {
  const at = { x: 0, y: 0 };
  const item = (id: string, isGrown = false) => ({ id, at, widthPx: 10, heightPx: 10, isGrown });
  expect([...pushApart([], 4)]).toEqual([]);
  expect([...pushApart([item('a')], 4)]).toEqual([['a', at]]);
  expect([...pushApart([item('a'), item('b', true)], 4)]).toEqual([
    ['b', at],
    ['a', { x: -14, y: 0 }],
  ]);
});
