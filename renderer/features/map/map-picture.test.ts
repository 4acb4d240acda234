import { describe, expect, test } from 'vitest';
import { pathHits } from './edge-path.ts';
import { nodeBox, overlap } from './map-geometry.ts';
import { isCalm, layOutMap } from './map-layout.ts';
import type { MapModel } from './map-model.ts';
import { DEMO_SITE, modelOf, SEED_SITE } from './small-sites.ts';

/** What a reader would stumble over, in words; of edges that step back on a busy map only the ways, for their labels are hidden. */
function faultsOf(model: MapModel): { readonly ways: string[]; readonly calmWays: string[]; readonly labels: string[] } {
  const { nodes, frames, routes, labels, isBusy } = layOutMap(model);
  const titles = [...frames].map(([id, frame]) => ({ id: `title of ${id}`, box: frame.title }));
  const boxes = model.nodes.map((node) => ({ id: node.id, box: nodeBox(node.kind, nodes.get(node.id) ?? { x: 0, y: 0 }) }));
  const hits = (edge: MapModel['edges'][number]) =>
    [...boxes, ...titles]
      .filter(({ id, box }) => id !== edge.source && id !== edge.target && pathHits(routes.get(edge.id)?.path ?? [], box, 0))
      .map(({ id }) => `${edge.source} > ${edge.target} runs through ${id}`);
  const shown = model.edges.filter((edge) => !isCalm(edge, isBusy));
  const shownLabels = shown.flatMap((edge) => labels.get(edge.id) ?? []).map(({ box }, index) => ({ id: `label of ${shown[index]?.id}`, box }));
  const covered = shownLabels.flatMap((label) =>
    [...titles, ...shownLabels, ...boxes].filter((other) => other !== label && overlap(label.box, other.box)).map((other) => `${label.id} is on ${other.id}`),
  );
  return { ways: shown.flatMap(hits), calmWays: model.edges.filter((edge) => isCalm(edge, isBusy)).flatMap(hits), labels: covered };
}

const pictures = {
  'the demo': modelOf(DEMO_SITE),
  'the demo before anything was blocked': modelOf(DEMO_SITE, ['allowed']),
  'the seeded site': modelOf(SEED_SITE),
};

describe.each(Object.entries(pictures))('%s', (_, model) => {
  test('no shown edge runs through a node of others or a title, and no label is on a node, a title or another label', () => {
    const { ways, labels } = faultsOf(model);
    expect({ ways, labels }).toEqual({ ways: [], labels: [] });
  });

  test('no node is on another node, and no zone on another zone or on a node of others', () => {
    const { nodes, frames } = layOutMap(model);
    const boxes = model.nodes.map((node) => ({ zone: `zone:${node.zone}`, box: nodeBox(node.kind, nodes.get(node.id) ?? { x: 0, y: 0 }) }));
    const zones = [...frames].map(([zone, frame]) => ({ zone, box: frame.box }));
    expect(boxes.filter((a) => boxes.some((b) => a !== b && overlap(a.box, b.box)))).toEqual([]);
    expect(zones.filter((a) => [...zones, ...boxes].some((b) => a.zone !== b.zone && overlap(a.box, b.box)))).toEqual([]);
  });
});

test('traffic of the demo goes from left to right, and the zone that calls all others has a row of its own', () => {
  const { frames } = layOutMap(modelOf(DEMO_SITE));
  const [edge, web, data, ops] = ['edge', 'web', 'data', 'ops'].map((name) => frames.get(`zone:shop-${name}`)?.box);
  if (edge === undefined || web === undefined || data === undefined || ops === undefined) throw new Error('a zone is missing');
  expect([edge.x2 < web.x1, web.x2 < data.x1]).toEqual([true, true]);
  expect([edge, web, data].every((box) => box.y2 < ops.y1) || [edge, web, data].every((box) => box.y1 > ops.y2)).toBe(true);
});

test('a node that the admin has put somewhere is there', () => {
  const model = modelOf(DEMO_SITE);
  const moved = model.nodes.map((node) => (node.label === 'lb1' ? { ...node, x: -500, y: 77 } : node));
  expect(layOutMap({ ...model, nodes: moved }).nodes.get('host:lb1')).toEqual({ x: -500, y: 77 });
});

test('of the edges of the seeded site that step back, few run through a node', () => {
  expect(faultsOf(modelOf(SEED_SITE)).calmWays.length).toBeLessThanOrEqual(3);
});

const asDrawn = (model: MapModel): MapModel => {
  const { anchors } = layOutMap(model);
  const kept = <Item extends { id: string }>(item: Item) => ({ ...item, keptX: anchors.get(item.id)?.x ?? null, keptY: anchors.get(item.id)?.y ?? null });
  return { ...model, nodes: model.nodes.map(kept), groups: model.groups.map(kept) };
};

test('a picture that was drawn before is drawn again, whatever became of its verdicts, and a new host moves nobody', () => {
  const before = asDrawn(modelOf(SEED_SITE));
  const places = layOutMap(before);
  const allowed = layOutMap({ ...before, edges: before.edges.map((edge) => ({ ...edge, verdict: 'allowed' })) });
  expect([...allowed.nodes]).toEqual([...places.nodes]);
  expect([...allowed.frames]).toEqual([...places.frames]);
  const [first] = before.nodes;
  if (first === undefined) throw new Error('the site has nodes');
  const after = layOutMap({ ...before, nodes: [...before.nodes, { ...first, id: 'host:new', label: 'new', keptX: null, keptY: null }] });
  expect([...after.nodes].filter(([id]) => id !== 'host:new')).toEqual([...places.nodes]);
  expect([...after.nodes].filter(([id, at]) => id !== 'host:new' && overlap(nodeBox('host', at), nodeBox('host', after.nodes.get('host:new') ?? at)))).toEqual([]);
});
