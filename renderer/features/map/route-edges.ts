import { type Bend, edgePath, isDrawable, pathHits } from './edge-path.ts';
import { type Box, doCross, hull, middleOf, overlap, type Position } from './map-geometry.ts';

export type Ends = { readonly id: string; readonly source: string; readonly target: string };
/** `cost` is what is still wrong with it: 1000 for a node of others in its way, 300 for a title, little for the rest. */
export type Route = { readonly bend: Bend; readonly path: readonly Position[]; readonly cost: number };
/** What edges are kept off: boxes of nodes, zones' titles and zones, by id. */
export type Scene = { readonly nodes: ReadonlyMap<string, Box>; readonly titles: readonly Box[]; readonly zones: ReadonlyMap<string, Box> };

const STRAIGHT: Bend = { at: 0.5, px: 0 };
const WIDTHS_PX = [24, 48, 76, 110, 150, 200, 260, 330, 410];
const BENDS: readonly Bend[] = WIDTHS_PX.flatMap((px) =>
  [0.5, 0.3, 0.7, 0.18, 0.82].flatMap((at) => [
    { at, px },
    { at, px: -px },
  ]),
);
/** Two edges in opposite directions bow apart: each to its own right. */
const LEAST_BACK_BEND_PX = 24;
/** Above this many edges the picture is too dense for bends to help, and looking for them would take long. */
const MAX_EDGES = 150;
const THROUGH_NODE = 1000;
const THROUGH_TITLE = 300;
const THROUGH_ZONE = 90;
const CROSSING = 9;
const PER_BEND_PX = 0.2;
const CLEAR_PX = 7;

/**
 * A path for every edge, straight where nothing is in its way: round the nodes of others and the titles of zones, with few crossings.
 * The cheapest of a fixed list of bends, edge by edge, shorter edges first. Edges whose ends have no box are left out. Pure.
 */
export function routeEdges(edges: readonly Ends[], scene: Scene): ReadonlyMap<string, Route> {
  const pairs = new Set(edges.map((edge) => `${edge.source}>${edge.target}`));
  const drawn = edges.flatMap((edge) => {
    const [source, target] = [boxOf(edge.source, scene), boxOf(edge.target, scene)];
    return source === undefined || target === undefined ? [] : [{ ...edge, sourceBox: source, targetBox: target, lengthPx: distancePx(source, target) }];
  });
  if (edges.length > MAX_EDGES) return new Map(drawn.map((edge) => [edge.id, plainRoute(edge.sourceBox, edge.targetBox, pairs.has(`${edge.target}>${edge.source}`))]));
  const routes = new Map<string, Route & { readonly ends: Ends; readonly box: Box }>();
  for (const edge of drawn.toSorted((a, b) => a.lengthPx - b.lengthPx)) {
    const hasWayBack = pairs.has(`${edge.target}>${edge.source}`);
    const least = { cost: Number.POSITIVE_INFINITY, bend: STRAIGHT };
    for (const bend of candidates(hasWayBack)) {
      const bendCost = Math.abs(bend.px) * PER_BEND_PX;
      if (bendCost >= least.cost || !isDrawable(edge.sourceBox, edge.targetBox, bend)) continue;
      const cost = bendCost + pathCost(edge, edgePath(edge.sourceBox, edge.targetBox, bend), scene, [...routes.values()]);
      if (cost < least.cost) Object.assign(least, { cost, bend });
    }
    const path = edgePath(edge.sourceBox, edge.targetBox, least.bend);
    routes.set(edge.id, { ...least, path, ends: edge, box: pathBox(path) });
  }
  return routes;
}

/** Straight, or a bow of its own where there is a way back. */
function plainRoute(source: Box, target: Box, hasWayBack: boolean): Route {
  const bow = { at: 0.5, px: LEAST_BACK_BEND_PX };
  const bend = hasWayBack && isDrawable(source, target, bow) ? bow : STRAIGHT;
  return { bend, path: edgePath(source, target, bend), cost: 0 };
}

/** No bend led it round: it runs through the node of another. */
export const isThroughNode = ({ cost }: Route): boolean => cost >= THROUGH_NODE;

const candidates = (hasWayBack: boolean): readonly Bend[] => (hasWayBack ? BENDS.filter((bend) => bend.px >= LEAST_BACK_BEND_PX) : [STRAIGHT, ...BENDS]);
const boxOf = (id: string, { nodes, zones }: Scene): Box | undefined => nodes.get(id) ?? zones.get(id);
const pathBox = (path: readonly Position[]): Box => hull(path.map(({ x, y }) => ({ x1: x - 1, y1: y - 1, x2: x + 1, y2: y + 1 })));

function distancePx(a: Box, b: Box): number {
  const [from, to] = [middleOf(a), middleOf(b)];
  return Math.hypot(to.x - from.x, to.y - from.y);
}

function pathCost(edge: Ends, path: readonly Position[], scene: Scene, routed: readonly (Route & { readonly ends: Ends; readonly box: Box })[]): number {
  const room = pathBox(path);
  const isFree = (box: Box, clearPx: number) => !overlap(room, { x1: box.x1 - clearPx, y1: box.y1 - clearPx, x2: box.x2 + clearPx, y2: box.y2 + clearPx });
  let cost = 0;
  for (const [id, box] of scene.nodes) {
    if (id !== edge.source && id !== edge.target && !isFree(box, CLEAR_PX) && pathHits(path, box, CLEAR_PX)) cost += THROUGH_NODE;
  }
  for (const title of scene.titles) {
    if (!isFree(title, 2) && pathHits(path, title, 2)) cost += THROUGH_TITLE;
  }
  const [start, end] = [path[0], path.at(-1)];
  for (const [id, box] of scene.zones) {
    const isOwn = id === edge.source || id === edge.target || isIn(start, box) || isIn(end, box);
    if (!isOwn && !isFree(box, 0) && pathHits(path, box, 0)) cost += THROUGH_ZONE;
  }
  for (const other of routed) {
    if (!sharesEnd(edge, other.ends) && overlap(room, other.box) && pathsCross(path, other.path)) cost += CROSSING;
  }
  return cost;
}

const isIn = (at: Position | undefined, box: Box): boolean => at !== undefined && at.x >= box.x1 && at.x <= box.x2 && at.y >= box.y1 && at.y <= box.y2;
const sharesEnd = (a: Ends, b: Ends): boolean => a.source === b.source || a.target === b.target || a.source === b.target || a.target === b.source;

/** By every third point: bows are wide. */
function pathsCross(a: readonly Position[], b: readonly Position[]): boolean {
  for (let i = 0; i + 3 < a.length; i += 3) {
    for (let j = 0; j + 3 < b.length; j += 3) {
      const [a1, a2, b1, b2] = [a[i], a[i + 3], b[j], b[j + 3]];
      if (a1 !== undefined && a2 !== undefined && b1 !== undefined && b2 !== undefined && doCross(a1, a2, b1, b2)) return true;
    }
  }
  return false;
}
