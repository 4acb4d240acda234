import { type Box, grow, insidePart, middleOf, type Position } from './map-geometry.ts';

/** One control point as Cytoscape takes it: where along the way between the middles of both ends, and how far to its side. 0 px is a straight edge. */
export type Bend = { readonly at: number; readonly px: number };

/** Straight pieces that the curve is measured and tested by. */
const PIECES = 18;

/**
 * The points of an edge from border to border: the quadratic curve that Cytoscape draws for one control point (`unbundled-bezier`,
 * `edge-distances: node-position`, ends `outside-to-node`). Positive is to the right of the way as it is seen on the screen.
 */
export function edgePath(source: Box, target: Box, bend: Bend): readonly Position[] {
  const [a, b, control] = [middleOf(source), middleOf(target), controlPoint(source, target, bend)];
  const [start, end] = bend.px === 0 ? [border(source, b), border(target, a)] : [border(source, control), border(target, control)];
  if (bend.px === 0) return Array.from({ length: PIECES + 1 }, (_, index) => mix(start, end, index / PIECES));
  return Array.from({ length: PIECES + 1 }, (_, index) => {
    const t = index / PIECES;
    return mix(mix(start, control, t), mix(control, end, t), t);
  });
}

function controlPoint(source: Box, target: Box, bend: Bend): Position {
  const [a, b] = [middleOf(source), middleOf(target)];
  const length = Math.max(Math.hypot(b.x - a.x, b.y - a.y), 1);
  return {
    x: a.x + (b.x - a.x) * bend.at - ((b.y - a.y) / length) * bend.px,
    y: a.y + (b.y - a.y) * bend.at + ((b.x - a.x) / length) * bend.px,
  };
}

/** Cytoscape draws nothing, and complains, where the control point is in the box of an end. */
export function isDrawable(source: Box, target: Box, bend: Bend): boolean {
  const control = controlPoint(source, target, bend);
  const isIn = ({ x1, y1, x2, y2 }: Box) => control.x > x1 - 2 && control.x < x2 + 2 && control.y > y1 - 2 && control.y < y2 + 2;
  return bend.px === 0 || !(isIn(source) || isIn(target));
}

const mix = (a: Position, b: Position, part: number): Position => ({ x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part });

/** Where the line from the middle of the box towards a point leaves the box. */
function border(box: Box, towards: Position): Position {
  const middle = middleOf(box);
  return mix(middle, towards, insidePart(middle, towards, box)?.to ?? 0);
}

export const pathLengthPx = (path: readonly Position[]): number =>
  path.reduce((sum, point, index) => {
    const before = path[index - 1];
    return before === undefined ? 0 : sum + Math.hypot(point.x - before.x, point.y - before.y);
  }, 0);

/** The point that is so many pixels along the path; its end where it is shorter. */
export function pointAlong(path: readonly Position[], offsetPx: number): Position {
  let left = offsetPx;
  for (const [index, point] of path.entries()) {
    const next = path[index + 1];
    if (next === undefined) return point;
    const piecePx = Math.hypot(next.x - point.x, next.y - point.y);
    if (left <= piecePx) return mix(point, next, piecePx === 0 ? 0 : left / piecePx);
    left -= piecePx;
  }
  return { x: 0, y: 0 };
}

/** Whether the path comes nearer to the box than the clearance. */
export function pathHits(path: readonly Position[], box: Box, clearPx: number): boolean {
  const wide = grow(box, clearPx);
  return path.some((point, index) => {
    const next = path[index + 1];
    return next !== undefined && insidePart(point, next, wide) !== null;
  });
}
