import type { DrawnNode } from './map-model.ts';

/** Centre of a node, or any point, in model pixels. */
export type Position = { readonly x: number; readonly y: number };
export type Box = { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };

export const NODE_WIDTH_PX = 136;
export const NODE_HEIGHT_PX = 40;
export const OUTSIDE_WIDTH_PX = 164;
export const OUTSIDE_HEIGHT_PX = 44;
/** A group that is shut has up to three lines: its name, how many hosts it is and in which mode, and what they use. */
export const GROUP_WIDTH_PX = 216;
export const GROUP_HEIGHT_PX = 78;
export const EDGE_FONT_PX = 15;
export const TITLE_FONT_PX = 14;
/** Letters of a name when the picture is small (`mid`) and when it is tiny (`far`), where those of every day could not be read. */
export const FAR_FONTS_PX = { mid: { node: 22, group: 25 }, far: { node: 30, group: 36 } } as const;
/** How much of its text a node shows at a zoom. */
export const nearness = (zoom: number): 'near' | 'mid' | 'far' => (zoom >= 0.6 ? 'near' : zoom >= 0.38 ? 'mid' : 'far');
/** Between a zone's border and what is in it. */
export const ZONE_PADDING_PX = 16;
/** Room for the title inside of the zone's box, above or below its hosts. */
export const TITLE_HEIGHT_PX = 20;
export const TITLE_GAP_PX = 10;

/** Inter is narrower than this at these weights, so that boxes made of it are never too small. */
const MEAN_GLYPH_EM = 0.6;
export const textWidthPx = (text: string, fontPx: number): number => Math.ceil(text.length * MEAN_GLYPH_EM * fontPx);

export const isOutside = (kind: DrawnNode['kind']): boolean => kind === 'external' || kind === 'peers';
export const isShutGroup = (kind: DrawnNode['kind']): boolean => kind === 'zone' || kind === 'app' || kind === 'role';
export const boxAround = (at: Position, widthPx: number, heightPx: number): Box => ({
  x1: at.x - widthPx / 2,
  y1: at.y - heightPx / 2,
  x2: at.x + widthPx / 2,
  y2: at.y + heightPx / 2,
});
export const nodeBox = (kind: DrawnNode['kind'], at: Position): Box =>
  isOutside(kind) ? boxAround(at, OUTSIDE_WIDTH_PX, OUTSIDE_HEIGHT_PX) : isShutGroup(kind) ? boxAround(at, GROUP_WIDTH_PX, GROUP_HEIGHT_PX) : boxAround(at, NODE_WIDTH_PX, NODE_HEIGHT_PX);
/** From where the line to `border`, a point on the border of a peer's box, leaves its ellipse, to that point. */
export function ellipseGapPx(box: Box, border: Position): number {
  const middle = middleOf(box);
  const [dx, dy] = [border.x - middle.x, border.y - middle.y];
  const reach = Math.hypot((2 * dx) / (box.x2 - box.x1), (2 * dy) / (box.y2 - box.y1));
  return reach <= 1 ? 0 : Math.hypot(dx, dy) * (1 - 1 / reach);
}
export const grow = (box: Box, byPx: number): Box => ({ x1: box.x1 - byPx, y1: box.y1 - byPx, x2: box.x2 + byPx, y2: box.y2 + byPx });
export const middleOf = (box: Box): Position => ({ x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2 });
export const overlap = (a: Box, b: Box): boolean => a.x1 < b.x2 && b.x1 < a.x2 && a.y1 < b.y2 && b.y1 < a.y2;
export const hull = (boxes: readonly Box[]): Box => ({
  x1: Math.min(...boxes.map((box) => box.x1)),
  y1: Math.min(...boxes.map((box) => box.y1)),
  x2: Math.max(...boxes.map((box) => box.x2)),
  y2: Math.max(...boxes.map((box) => box.y2)),
});

/** The part of the way from a to b that is inside of the box, as fractions of the way; null where they do not meet (Liang and Barsky). */
export function insidePart(a: Position, b: Position, box: Box): { readonly from: number; readonly to: number } | null {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  let [from, to] = [0, 1];
  for (const [step, room] of [
    [-dx, a.x - box.x1],
    [dx, box.x2 - a.x],
    [-dy, a.y - box.y1],
    [dy, box.y2 - a.y],
  ] as const) {
    if (step === 0 && room < 0) return null;
    if (step < 0) from = Math.max(from, room / step);
    if (step > 0) to = Math.min(to, room / step);
  }
  return from < to ? { from, to } : null;
}

const side = (a: Position, b: Position, c: Position): number => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));

/** Whether two segments cross in their insides. */
export const doCross = (a: Position, b: Position, c: Position, d: Position): boolean => side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;

/** A zone's box and the box of its title, which is inside at the left, above the hosts or below them. */
export type ZoneFrame = { readonly box: Box; readonly title: Box; readonly titleAt: 'top' | 'bottom' };

export function frameAround(hosts: readonly Box[], title: string, titleAt: ZoneFrame['titleAt']): ZoneFrame {
  const inner = hull(hosts);
  const widthPx = textWidthPx(title, TITLE_FONT_PX);
  const y1 = titleAt === 'top' ? inner.y1 - TITLE_GAP_PX - TITLE_HEIGHT_PX : inner.y2 + TITLE_GAP_PX;
  const titleBox = { x1: inner.x1, y1, x2: inner.x1 + widthPx, y2: y1 + TITLE_HEIGHT_PX };
  return { box: grow(hull([inner, titleBox]), ZONE_PADDING_PX), title: titleBox, titleAt };
}
