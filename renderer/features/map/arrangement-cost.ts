import { type Box, doCross, grow, insidePart, middleOf, nodeBox, type Position } from './map-geometry.ts';
import type { DrawnNode } from './map-model.ts';
import type { Placed } from './zone-units.ts';

export type Ends = { readonly source: string; readonly target: string; readonly verdict?: string };

/** What each fault of a picture weighs; a pixel of edge is 0.1. Found by looking at pictures of the seeded sites. */
const THROUGH_NODE = 170;
const THROUGH_TITLE = 130;
const THROUGH_ZONE = 100;
const CROSSING = 20;
const BACKWARDS = 450;
const BACKWARDS_IN_ZONE = 10;
/** Two edges of one node so close that they look like one. */
const SAME_WAY = 40;
const SAME_WAY_COSINE = 0.993;
const FORWARD_PX = 40;
const PER_PX = 0.12;
const SHRUNK = 6000;
const CLEAR_PX = 8;
/** What no rule explains is looked at first, so it is kept clear with more weight. */
const PRESSING = 3;

/** The room for the picture in a window of 1280 × 800, beside the navigation, below the bars and above the legend. */
const ROOM = { widthPx: 1032, heightPx: 609 };
const FULL_ZOOM = 0.92;

type Line = { readonly edge: Ends; readonly from: Position; readonly to: Position; readonly backwards: number };
type Obstacle = { readonly id: string; readonly box: Box; readonly cost: number; readonly isZone: boolean };

/** How bad a picture with straight edges would be; lower is better. Pure. */
export function arrangementCost(placed: Placed, nodes: readonly DrawnNode[], edges: readonly Ends[]): number {
  const obstacles = obstaclesOf(placed, nodes);
  const zones = new Map(nodes.map((node) => [node.id, node.zone ?? node.id]));
  // Hubs call to both sides; within a zone the direction matters less than between zones.
  const backwards = ({ source, target }: Ends) =>
    placed.inRow.has(source) || placed.inRow.has(target) ? 0 : zones.get(source) === zones.get(target) ? BACKWARDS_IN_ZONE : BACKWARDS;
  const lines = edges.flatMap((edge) => lineOf(edge, placed, backwards(edge)));
  let cost = shrinkCost(placed.box);
  lines.forEach((line, index) => {
    cost += lineCost(line, obstacles);
    for (let other = index + 1; other < lines.length; other += 1) {
      const second = lines[other];
      if (second !== undefined) cost += pairCost(line, second);
    }
  });
  return cost;
}

function pairCost(a: Line, b: Line): number {
  if (!touch(a.edge, b.edge)) return doCross(a.from, a.to, b.from, b.to) ? CROSSING : 0;
  if (a.edge.source !== b.edge.source && a.edge.target !== b.edge.target) return 0;
  const [ax, ay, bx, by] = [a.to.x - a.from.x, a.to.y - a.from.y, b.to.x - b.from.x, b.to.y - b.from.y];
  return ax * bx + ay * by > SAME_WAY_COSINE * Math.hypot(ax, ay) * Math.hypot(bx, by) ? SAME_WAY : 0;
}

const touch = (a: Ends, b: Ends): boolean => a.source === b.source || a.target === b.target || a.source === b.target || a.target === b.source;

function shrinkCost(box: Box): number {
  const zoom = Math.min(FULL_ZOOM, ROOM.widthPx / (box.x2 - box.x1), ROOM.heightPx / (box.y2 - box.y1));
  return SHRUNK * (FULL_ZOOM / zoom - 1);
}

function obstaclesOf(placed: Placed, nodes: readonly DrawnNode[]): readonly Obstacle[] {
  const boxes = nodes.flatMap((node) => {
    const at = placed.nodes.get(node.id);
    return at === undefined ? [] : [{ id: node.id, box: grow(nodeBox(node.kind, at), CLEAR_PX), cost: THROUGH_NODE, isZone: false }];
  });
  const frames = [...placed.frames].flatMap(([id, frame]) => [
    { id: `title ${id}`, box: frame.title, cost: THROUGH_TITLE, isZone: false },
    { id, box: frame.box, cost: THROUGH_ZONE, isZone: true },
  ]);
  return [...boxes, ...frames];
}

function lineOf(edge: Ends, placed: Placed, backwards: number): readonly Line[] {
  const [source, target] = [placed.frames.get(edge.source), placed.frames.get(edge.target)];
  const a = source === undefined ? placed.nodes.get(edge.source) : middleOf(source.box);
  const b = target === undefined ? placed.nodes.get(edge.target) : middleOf(target.box);
  if (a === undefined || b === undefined) return [];
  // An edge from or to a zone ends at the border of its box.
  const start = source === undefined ? 0 : (insidePart(a, b, source.box)?.to ?? 0);
  const end = target === undefined ? 1 : (insidePart(a, b, target.box)?.from ?? 1);
  const on = (part: number): Position => ({ x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part });
  return [{ edge, from: on(start), to: on(Math.max(start, end)), backwards }];
}

function lineCost({ edge, from, to, backwards }: Line, obstacles: readonly Obstacle[]): number {
  let cost = PER_PX * Math.hypot(to.x - from.x, to.y - from.y) + (to.x < from.x + FORWARD_PX ? backwards : 0);
  const [x1, x2, y1, y2] = [Math.min(from.x, to.x), Math.max(from.x, to.x), Math.min(from.y, to.y), Math.max(from.y, to.y)];
  for (const { id, box, cost: weight, isZone } of obstacles) {
    if (id === edge.source || id === edge.target || box.x1 > x2 || box.x2 < x1 || box.y1 > y2 || box.y2 < y1) continue;
    // A zone that an end is in is passed by every edge of that end.
    if (isZone && (holds(box, from) || holds(box, to))) continue;
    if (insidePart(from, to, box) !== null) cost += isZone || edge.verdict === 'allowed' ? weight : PRESSING * weight;
  }
  return cost;
}

const holds = (box: Box, at: Position): boolean => at.x >= box.x1 && at.x <= box.x2 && at.y >= box.y1 && at.y <= box.y2;
