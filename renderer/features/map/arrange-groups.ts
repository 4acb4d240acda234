import { GROUP_HEIGHT_PX, GROUP_WIDTH_PX, isOutside, OUTSIDE_HEIGHT_PX, OUTSIDE_WIDTH_PX, type Position } from './map-geometry.ts';
import type { DrawnNode } from './map-model.ts';
import { rankNodes } from './rank-nodes.ts';

/** A zone or peer of the coarsest picture, open or shut. */
export type TopItem = { readonly id: string; readonly label: string; readonly kind: DrawnNode['kind'] };
type Link = { readonly source: string; readonly target: string };

type Step = { readonly xPx: number; readonly yPx: number /** From the middle of a zone to that of a peer beside it. */; readonly outsidePx: number };
/** Between the middles of zones: wide enough for lines and their labels. */
const STEP: Step = { xPx: 350, yPx: 136, outsidePx: 300 };
/** With more zones than this no line can be followed by its label, and names need the room: only what `layOutGroups` keeps free is between boxes. */
const MANY_ZONES = 60;
const CLOSE_STEP: Step = { xPx: GROUP_WIDTH_PX + 37, yPx: GROUP_HEIGHT_PX + 37, outsidePx: GROUP_WIDTH_PX + 37 };
/** With more zones than this the way from consumers to providers has at least three columns. */
const FEW_ZONES = 6;
/** Width to height of the picture that fits a window best. */
const ASPECT = 1.8;
/** Above this many links the order by traffic is no longer told from chance, and looking for it takes long. */
const MAX_LINKS = 4000;

/**
 * Middles of zones in columns from consumers to providers, callers from outside in a column before them and what is only called in one behind. Depends on who talks to whom, not on verdicts, ports
 * or what is open. Pure; zones of one rank are in the order of their names.
 */
export function arrangeGroups(items: readonly TopItem[], links: readonly Link[]): ReadonlyMap<string, Position> {
  const inside = items.filter((item) => !isOutside(item.kind));
  const ids = new Set(inside.map((item) => item.id));
  const ranks = rankNodes([...ids].toSorted(), links.length > MAX_LINKS ? [] : links.filter((link) => ids.has(link.source) && ids.has(link.target)));
  const ordered = inside.toSorted((a, b) => (ranks.get(a.id) ?? 0) - (ranks.get(b.id) ?? 0) || a.label.localeCompare(b.label, 'en', { numeric: true }));
  const callers = new Set(links.map((link) => link.source));
  const outside = items.filter((item) => isOutside(item.kind));
  const sides = new Set(outside.map((item) => callers.has(item.id))).size;
  const step = ordered.length > MANY_ZONES ? CLOSE_STEP : STEP;
  const rows = bestRows(ordered.length, sides, step);
  const columns = Math.ceil(ordered.length / rows);
  const places = new Map<string, Position>();
  ordered.forEach((item, index) => {
    const column = Math.floor(index / rows);
    const inColumn = Math.min(rows, ordered.length - column * rows);
    // Every other column is half a step lower, so that lines between neighbours' neighbours pass between boxes.
    const shiftPx = ((rows - inColumn) / 2 + (column % 2 === 0 ? 0 : 0.5)) * step.yPx;
    places.set(item.id, { x: column * step.xPx, y: (index % rows) * step.yPx + shiftPx });
  });
  placeOutside(outside.filter((item) => callers.has(item.id)), { x: -step.outsidePx, side: -1, rows, step }, places);
  placeOutside(outside.filter((item) => !callers.has(item.id)), { x: (columns - 1) * step.xPx + step.outsidePx, side: 1, rows, step }, places);
  return places;
}

/** So many zones below each other that the picture, with a column of peers on each of its `sides`, is drawn as large as the window allows. */
function bestRows(zones: number, sides: number, step: Step): number {
  const sizeOf = (rows: number) => Math.max((Math.ceil(zones / rows) * step.xPx + sides * step.outsidePx) / ASPECT, (rows + 0.5) * step.yPx);
  const most = zones > FEW_ZONES ? Math.ceil(zones / 3) : Math.max(1, zones);
  return Array.from({ length: most }, (_, index) => index + 1).reduce((best, rows) => (sizeOf(rows) < sizeOf(best) ? rows : best), 1);
}

/** Where the column of peers nearest to the zones is, and to which side the others are. */
type Side = { readonly x: number; readonly side: 1 | -1; readonly rows: number; readonly step: Step };

/** Peers below each other, in as many columns away from the zones as their number needs. */
function placeOutside(items: readonly TopItem[], { x, side, rows, step }: Side, places: Map<string, Position>): void {
  const stepPx = OUTSIDE_HEIGHT_PX + 28;
  const heightPx = Math.max(rows, 5) * step.yPx;
  const inColumn = Math.max(1, Math.min(items.length, Math.floor(heightPx / stepPx)));
  items.forEach((item, index) => {
    const column = Math.floor(index / inColumn) * side;
    const count = Math.min(inColumn, items.length - Math.floor(index / inColumn) * inColumn);
    const spreadPx = Math.max(stepPx, heightPx / (count + 1));
    places.set(item.id, { x: x + column * (OUTSIDE_WIDTH_PX + 40), y: ((rows - 1) * step.yPx) / 2 + ((index % inColumn) - (count - 1) / 2) * spreadPx });
  });
}
