import {
  type Box,
  frameAround,
  isOutside,
  NODE_HEIGHT_PX,
  NODE_WIDTH_PX,
  nodeBox,
  type Position,
  textWidthPx,
  TITLE_FONT_PX,
  TITLE_GAP_PX,
  TITLE_HEIGHT_PX,
  type ZoneFrame,
  ZONE_PADDING_PX,
} from './map-geometry.ts';
import type { DrawnNode } from './map-model.ts';

/** A zone with its hosts, or one node of no zone (`title` null). Hosts fill the columns one after the other. A hub calls into most other zones and stands in the row. */
export type Unit = {
  readonly id: string;
  readonly title: string | null;
  readonly hosts: readonly DrawnNode[];
  readonly columns: number;
  readonly isHub: boolean;
};

/** Where units are: columns from left to right, each from top to bottom, and a row of its own above or below them. */
export type Arrangement = { readonly columns: readonly (readonly Unit[])[]; readonly row: readonly Unit[]; readonly rowAt: 'top' | 'bottom' };

export type Placed = {
  readonly nodes: ReadonlyMap<string, Position>;
  readonly frames: ReadonlyMap<string, ZoneFrame>;
  readonly inRow: ReadonlySet<string>;
  readonly box: Box;
};

const HOST_STEP_X_PX = NODE_WIDTH_PX + 76;
const HOST_STEP_Y_PX = NODE_HEIGHT_PX + 34;
const COLUMN_GAP_PX = 84;
const UNIT_GAP_PX = 44;
const ROW_GAP_PX = 96;
/** The picture of a small site is spread over at least this much, which fills a window of 1280 × 800. */
const MIN_WIDTH_PX = 1070;
const MIN_HEIGHT_PX = 540;
const MAX_COLUMN_GAP_PX = 230;

type Size = { readonly widthPx: number; readonly heightPx: number };
const EMPTY: Box = { x1: 0, y1: 0, x2: 0, y2: 0 };

const rowsOf = (unit: Unit): number => Math.ceil(unit.hosts.length / unit.columns);

function sizeOf(unit: Unit): Size {
  const [only] = unit.hosts;
  const columns = Math.ceil(unit.hosts.length / rowsOf(unit));
  const hosts = { widthPx: (columns - 1) * HOST_STEP_X_PX + NODE_WIDTH_PX, heightPx: (rowsOf(unit) - 1) * HOST_STEP_Y_PX + NODE_HEIGHT_PX };
  if (unit.title === null) {
    const box = only === undefined ? EMPTY : nodeBox(only.kind, { x: 0, y: 0 });
    return { widthPx: box.x2 - box.x1, heightPx: box.y2 - box.y1 };
  }
  const widthPx = Math.max(hosts.widthPx, textWidthPx(unit.title, TITLE_FONT_PX)) + 2 * ZONE_PADDING_PX;
  return { widthPx, heightPx: hosts.heightPx + TITLE_HEIGHT_PX + TITLE_GAP_PX + 2 * ZONE_PADDING_PX };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const between = (count: number): number => Math.max(count - 1, 0);

type Put = (unit: Unit, corner: Position, titleAt: 'top' | 'bottom') => void;

/** Positions of all nodes and frames of all zones. Pure and cheap: the search for an arrangement calls it often. */
export function placeUnits({ columns, row, rowAt }: Arrangement): Placed {
  const nodes = new Map<string, Position>();
  const frames = new Map<string, ZoneFrame>();
  const put: Put = (unit, corner, titleAt) => placeUnit(unit, corner, titleAt, nodes, frames);
  const widthsPx = columns.map((column) => Math.max(0, ...column.map((unit) => sizeOf(unit).widthPx)));
  const gapPx = Math.min(Math.max(COLUMN_GAP_PX, (MIN_WIDTH_PX - sum(widthsPx)) / Math.max(between(columns.length), 1)), MAX_COLUMN_GAP_PX);
  const tallestPx = Math.max(0, ...columns.map(columnHeightPx));
  const rowSizes = row.map(sizeOf);
  const rowHeightPx = Math.max(0, ...rowSizes.map((size) => size.heightPx));
  const rowGapPx = row.length === 0 ? 0 : Math.min(Math.max(ROW_GAP_PX, MIN_HEIGHT_PX - tallestPx - rowHeightPx), 2 * ROW_GAP_PX);
  const topPx = rowAt === 'top' ? rowHeightPx + rowGapPx : 0;
  let x = 0;
  columns.forEach((column, index) => {
    const widthPx = widthsPx[index] ?? 0;
    placeColumn(column, { x1: x, x2: x + widthPx, y1: topPx, y2: topPx + tallestPx }, put);
    x += widthPx + gapPx;
  });
  const columnsWidthPx = sum(widthsPx) + between(columns.length) * gapPx;
  const rowWidthPx = placeRow(row, columnsWidthPx, rowAt === 'top' ? 0 : tallestPx + rowGapPx, (unit, corner) => put(unit, corner, rowAt));
  const inRow = new Set(row.flatMap((unit) => [unit.id, ...unit.hosts.map((host) => host.id)]));
  return { nodes, frames, inRow, box: { x1: 0, y1: 0, x2: Math.max(columnsWidthPx, rowWidthPx), y2: tallestPx + rowGapPx + rowHeightPx } };
}

const columnHeightPx = (column: readonly Unit[]): number => sum(column.map((unit) => sizeOf(unit).heightPx)) + between(column.length) * UNIT_GAP_PX;

/** Units below each other; what is left over in height goes between them and half as much to the ends. */
function placeColumn(column: readonly Unit[], room: Box, put: Put): void {
  const extraPx = (room.y2 - room.y1 - columnHeightPx(column)) / Math.max(column.length, 1);
  let y = room.y1 + extraPx / 2;
  for (const unit of column) {
    const size = sizeOf(unit);
    put(unit, { x: (room.x1 + room.x2 - size.widthPx) / 2, y }, 'top');
    y += size.heightPx + UNIT_GAP_PX + extraPx;
  }
}

/** Units side by side, spread over the width. Gives the right end of the last one. */
function placeRow(row: readonly Unit[], widthPx: number, y: number, put: (unit: Unit, corner: Position) => void): number {
  const extraPx = (widthPx - sum(row.map((unit) => sizeOf(unit).widthPx))) / (row.length + 1);
  let x = Math.max(extraPx, 0);
  let endPx = 0;
  for (const unit of row) {
    put(unit, { x, y });
    endPx = x + sizeOf(unit).widthPx;
    x = endPx + Math.max(extraPx, UNIT_GAP_PX);
  }
  return endPx;
}

function placeUnit(unit: Unit, corner: Position, titleAt: 'top' | 'bottom', nodes: Map<string, Position>, frames: Map<string, ZoneFrame>): void {
  const rows = rowsOf(unit);
  const size = sizeOf(unit);
  const isZone = unit.title !== null;
  const hostsHeightPx = (rows - 1) * HOST_STEP_Y_PX + NODE_HEIGHT_PX;
  const top = corner.y + (isZone ? ZONE_PADDING_PX + (titleAt === 'top' ? TITLE_HEIGHT_PX + TITLE_GAP_PX : 0) : 0);
  const left = corner.x + (isZone ? ZONE_PADDING_PX : 0);
  unit.hosts.forEach((host, index) => {
    const column = Math.floor(index / rows);
    const inColumn = Math.min(rows, unit.hosts.length - column * rows);
    const shiftPx = (hostsHeightPx - ((inColumn - 1) * HOST_STEP_Y_PX + NODE_HEIGHT_PX)) / 2;
    nodes.set(
      host.id,
      isOutside(host.kind)
        ? { x: corner.x + size.widthPx / 2, y: corner.y + size.heightPx / 2 }
        : { x: left + column * HOST_STEP_X_PX + NODE_WIDTH_PX / 2, y: top + shiftPx + (index % rows) * HOST_STEP_Y_PX + NODE_HEIGHT_PX / 2 },
    );
  });
  if (unit.title === null) return;
  const boxes = unit.hosts.map((host) => nodeBox(host.kind, nodes.get(host.id) ?? corner));
  frames.set(unit.id, frameAround(boxes, unit.title, titleAt));
}
