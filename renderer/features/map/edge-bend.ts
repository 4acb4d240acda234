import { NODE_HEIGHT_PX, NODE_WIDTH_PX, type Position } from './map-layout.ts';

type Ends = { readonly source: string; readonly target: string };

/** Candidates in the order of preference: straight, then ever wider, to either side. Pixels at the middle of the edge. */
const BENDS_PX = [0, 34, -34, 70, -70, 120, -120];
const BACK_BENDS_PX = [26, 60, -60, 110, -110];
const SAMPLES = 14;
/** Above this many edges the picture is too dense for bends to help, and looking for them would take long. */
const MAX_EDGES = 400;

/**
 * How far an edge bows out so that it runs behind as few other nodes as possible: the first of the candidates that touches the fewest.
 * Two edges in opposite directions bow apart. 0 where an end has no place of its own (a zone's box).
 */
export function bendOf(edge: Ends, edges: readonly Ends[], places: ReadonlyMap<string, Position>): number {
  const [from, to] = [places.get(edge.source), places.get(edge.target)];
  if (from === undefined || to === undefined || edges.length > MAX_EDGES) return 0;
  const others = [...places].filter(([id]) => id !== edge.source && id !== edge.target).map(([, place]) => place);
  const hasWayBack = edges.some((other) => other.source === edge.target && other.target === edge.source);
  const candidates = (hasWayBack ? BACK_BENDS_PX : BENDS_PX).map((bend) => ({ bend, touched: touchedNodes(from, to, bend, others) }));
  const least = Math.min(...candidates.map((candidate) => candidate.touched));
  return candidates.find((candidate) => candidate.touched === least)?.bend ?? 0;
}

function touchedNodes(from: Position, to: Position, bendPx: number, nodes: readonly Position[]): number {
  const points = Array.from({ length: SAMPLES }, (_, index) => pointOn(from, to, bendPx, (index + 1) / (SAMPLES + 1)));
  return nodes.filter((node) =>
    points.some((point) => Math.abs(point.x - node.x) < NODE_WIDTH_PX / 2 + 6 && Math.abs(point.y - node.y) < NODE_HEIGHT_PX / 2 + 6),
  ).length;
}

/** A point of the quadratic curve that Cytoscape draws for one control point at weight 0.5; a positive distance is to the left of the way in screen coordinates. */
function pointOn(from: Position, to: Position, bendPx: number, t: number): Position {
  const length = Math.max(Math.hypot(to.x - from.x, to.y - from.y), 1);
  const control = { x: (from.x + to.x) / 2 - ((to.y - from.y) / length) * bendPx, y: (from.y + to.y) / 2 + ((to.x - from.x) / length) * bendPx };
  const mix = (a: number, b: number, c: number) => (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t ** 2 * c;
  return { x: mix(from.x, control.x, to.x), y: mix(from.y, control.y, to.y) };
}
