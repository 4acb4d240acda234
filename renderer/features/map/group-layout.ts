import { arrangeGroups, type TopItem } from './arrange-groups.ts';
import { groupTitle } from './group-title.ts';
import { type Box, frameAround, grow, GROUP_HEIGHT_PX, GROUP_WIDTH_PX, hull, middleOf, nodeBox, type Position, type ZoneFrame } from './map-geometry.ts';
import type { MapModel } from './map-model.ts';
import { freePlace, type Placeable, pushApart } from './push-apart.ts';

export type GroupLayout = { readonly nodes: ReadonlyMap<string, Position>; readonly frames: ReadonlyMap<string, ZoneFrame>; /** Middles of zones and peers as they would be with every group shut. */ readonly anchors: ReadonlyMap<string, Position> };

const TOP_GAP_PX = 36;
const INNER_GAP_PX = 22;
/** Where so much of the picture has a place from before, what is new is put beside it; else all is arranged anew. */
const KNOWN_PART = 0.66;

/**
 * The picture by groups. Zones and peers stand where they were put or drawn before; an open one grows round its middle and pushes only what is in its way. Pure.
 */
export function layOutGroups(model: MapModel): GroupLayout {
  const nodes = new Map<string, Position>();
  const frames = new Map<string, ZoneFrame>();
  const anchors = anchorsOf(model);
  const insides = new Map(model.groups.filter((group) => group.parent === null).map((group) => [group.id, layOutInside(model, group.id)]));
  const items = topItems(model).map(({ id, kind }): Placeable => {
    const inside = insides.get(id);
    return { id, at: anchors.get(id) ?? ORIGIN, ...sizeOf(inside?.box ?? nodeBox(kind, ORIGIN)), isGrown: inside !== undefined };
  });
  for (const [id, at] of pushApart(items, TOP_GAP_PX)) {
    const inside = insides.get(id);
    if (inside === undefined) nodes.set(id, at);
    else putInside(inside, at, nodes, frames);
  }
  return { nodes, frames, anchors };
}

const ORIGIN: Position = { x: 0, y: 0 };
const sizeOf = (box: Box) => ({ widthPx: box.x2 - box.x1, heightPx: box.y2 - box.y1 });

type Top = TopItem & { readonly x: number | null; readonly y: number | null; readonly keptX: number | null; readonly keptY: number | null };
const topItems = (model: MapModel): readonly Top[] => [...model.groups, ...model.nodes].filter((item) => item.parent === null);

function anchorsOf(model: MapModel): ReadonlyMap<string, Position> {
  const items = topItems(model);
  const byHand = new Map(items.flatMap(({ id, x, y }) => (x === null || y === null ? [] : [[id, { x, y }] as const])));
  const before = new Map(items.flatMap(({ id, keptX, keptY }) => (keptX === null || keptY === null ? [] : [[id, { x: keptX, y: keptY }] as const])));
  const known = items.filter(({ id }) => byHand.has(id) || before.has(id));
  if (known.length < items.length * KNOWN_PART) return new Map([...arrangeGroups(items, topLinks(model)), ...byHand]);
  const anchors = new Map([...before, ...byHand]);
  const isTaken = known.map(({ id }) => middleBox(anchors.get(id) ?? ORIGIN));
  for (const { id } of items) {
    if (anchors.has(id)) continue;
    const at = freePlace({ at: middleOf(hull(isTaken)), widthPx: GROUP_WIDTH_PX, heightPx: GROUP_HEIGHT_PX }, isTaken, TOP_GAP_PX);
    anchors.set(id, at);
    isTaken.push(middleBox(at));
  }
  return anchors;
}

const middleBox = (at: Position): Box => nodeBox('zone', at);

/** Who talks to whom between zones and peers, whatever is open. */
function topLinks(model: MapModel): readonly { source: string; target: string }[] {
  const parents = new Map([...model.groups, ...model.nodes].map((item) => [item.id, item.parent]));
  const topOf = (id: string): string => {
    const parent = parents.get(id) ?? null;
    return parent === null ? id : topOf(parent);
  };
  const links = new Map(model.edges.map((edge) => [`${topOf(edge.source)}>${topOf(edge.target)}`, { source: topOf(edge.source), target: topOf(edge.target) }]));
  return [...links.values()].filter((link) => link.source !== link.target);
}

/** The inside of an open group round its middle at 0, 0. */
type Inside = { readonly nodes: ReadonlyMap<string, Position>; readonly frames: ReadonlyMap<string, ZoneFrame>; readonly box: Box };

function layOutInside(model: MapModel, groupId: string): Inside {
  const group = model.groups.find((each) => each.id === groupId);
  const groups = model.groups.filter((each) => each.parent === groupId);
  const children = [...groups, ...model.nodes.filter((each) => each.parent === groupId)].toSorted(inOrder);
  const insides = new Map(groups.map((each) => [each.id, layOutInside(model, each.id)]));
  const bases = gridOf(children);
  const items = children.map(({ id, kind }, index): Placeable => {
    const inside = insides.get(id);
    return { id, at: bases[index] ?? ORIGIN, ...sizeOf(inside?.box ?? nodeBox(kind, ORIGIN)), isGrown: inside !== undefined };
  });
  const nodes = new Map<string, Position>();
  const frames = new Map<string, ZoneFrame>();
  const boxes: Box[] = [];
  for (const [id, at] of pushApart(items, INNER_GAP_PX)) {
    const inside = insides.get(id);
    if (inside === undefined) {
      nodes.set(id, at);
      boxes.push(nodeBox(children.find((each) => each.id === id)?.kind ?? 'host', at));
    } else boxes.push(putInside(inside, at, nodes, frames));
  }
  const frame = frameAround(boxes, group === undefined ? '' : groupTitle(model, group), 'top');
  return moved({ nodes, frames: new Map([...frames, [groupId, frame]]), box: frame.box }, middleOf(frame.box));
}

/** Rows and columns by name, what is left over last: what is open changes no one's place. */
const inOrder = (a: TopItem, b: TopItem): number => Number(a.kind === 'rest') - Number(b.kind === 'rest') || a.label.localeCompare(b.label, 'en', { numeric: true });

function gridOf(children: readonly TopItem[]): readonly Position[] {
  const sizes = children.map(({ kind }) => sizeOf(nodeBox(kind, ORIGIN)));
  const stepX = Math.max(0, ...sizes.map((size) => size.widthPx)) + INNER_GAP_PX;
  const stepY = Math.max(0, ...sizes.map((size) => size.heightPx)) + INNER_GAP_PX;
  const columns = Math.max(1, Math.round(Math.sqrt((children.length * stepY * 1.4) / stepX)));
  return children.map((_, index) => ({ x: (index % columns) * stepX, y: Math.floor(index / columns) * stepY }));
}

const shift = (at: Position, by: Position): Position => ({ x: at.x - by.x, y: at.y - by.y });
const shiftBox = (box: Box, by: Position): Box => ({ x1: box.x1 - by.x, y1: box.y1 - by.y, x2: box.x2 - by.x, y2: box.y2 - by.y });
const shiftFrame = (frame: ZoneFrame, by: Position): ZoneFrame => ({ ...frame, box: shiftBox(frame.box, by), title: shiftBox(frame.title, by) });

/** The same with `by` as the new origin. */
const moved = ({ nodes, frames, box }: Inside, by: Position): Inside => ({
  nodes: new Map([...nodes].map(([id, at]) => [id, shift(at, by)])),
  frames: new Map([...frames].map(([id, frame]) => [id, shiftFrame(frame, by)])),
  box: shiftBox(box, by),
});

function putInside(inside: Inside, at: Position, nodes: Map<string, Position>, frames: Map<string, ZoneFrame>): Box {
  const there = moved(inside, { x: -at.x, y: -at.y });
  for (const [id, place] of there.nodes) nodes.set(id, place);
  for (const [id, frame] of there.frames) frames.set(id, frame);
  return grow(there.box, 0);
}
