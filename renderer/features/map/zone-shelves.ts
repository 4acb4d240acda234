import { NODE_HEIGHT_PX, NODE_WIDTH_PX, type Position } from './map-geometry.ts';
import type { DrawnNode, MapModel } from './map-model.ts';
import { rankNodes } from './rank-nodes.ts';

const COLUMN_STEP_PX = 204;
const ROW_STEP_PX = 72;
const ZONE_GAP_X_PX = 112;
const ZONE_GAP_Y_PX = 96;
/** From the picture's edge to the centre of the column of outside peers, plus half a node. */
const OUTSIDE_STEP_PX = 224;
const MAX_ROWS = 6;
/** Width to height of the whole picture that fits a window best. */
const ASPECT = 1.25;

type Box = { readonly columns: readonly (readonly DrawnNode[])[]; readonly widthPx: number; readonly heightPx: number; readonly rank: number };

/**
 * Zone-grid positions for every drawn node of a large site, in node order: each zone a box whose columns run from consumers to providers,
 * boxes on shelves by mean rank, callers from outside on the left and what is called outside on the right.
 * Pure and stable: the same model gives the same picture. Stored positions are the caller's to prefer.
 */
export function layOutShelves(model: MapModel): ReadonlyMap<string, Position> {
  const inside = model.nodes.filter((node) => node.kind === 'host' || node.kind === 'unmanaged');
  const outside = model.nodes.filter((node) => node.kind === 'external' || node.kind === 'peers');
  const ids = new Set(inside.map((node) => node.id));
  const ranks = rankNodes(
    [...ids],
    model.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
  );
  const byZone = Map.groupBy(inside, (node) => node.zone);
  const boxes = [...byZone.values()].map((nodes) => boxOf(nodes, ranks)).toSorted((a, b) => a.rank - b.rank);
  const positions = new Map<string, Position>();
  const size = placeBoxes(boxes, positions);
  const callers = new Set(model.edges.map((edge) => edge.source));
  placeColumn(
    outside.filter((node) => callers.has(node.id)),
    -OUTSIDE_STEP_PX,
    size.heightPx,
    positions,
  );
  placeColumn(
    outside.filter((node) => !callers.has(node.id)),
    size.widthPx + OUTSIDE_STEP_PX - NODE_WIDTH_PX,
    size.heightPx,
    positions,
  );
  return positions;
}

function boxOf(nodes: readonly DrawnNode[], ranks: ReadonlyMap<string, number>): Box {
  const byRank = Map.groupBy(nodes, (node) => ranks.get(node.id) ?? 0);
  const columns = [...byRank.keys()]
    .toSorted((a, b) => a - b)
    .flatMap((rank) => inColumns((byRank.get(rank) ?? []).toSorted((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true }))));
  const rows = Math.max(...columns.map((column) => column.length));
  const meanRank = nodes.reduce((sum, node) => sum + (ranks.get(node.id) ?? 0), 0) / nodes.length;
  return { columns, widthPx: (columns.length - 1) * COLUMN_STEP_PX + NODE_WIDTH_PX, heightPx: (rows - 1) * ROW_STEP_PX + NODE_HEIGHT_PX, rank: meanRank };
}

function inColumns(nodes: readonly DrawnNode[]): readonly (readonly DrawnNode[])[] {
  const count = Math.ceil(nodes.length / MAX_ROWS);
  const perColumn = Math.ceil(nodes.length / count);
  return Array.from({ length: count }, (_, index) => nodes.slice(index * perColumn, (index + 1) * perColumn));
}

function placeBoxes(boxes: readonly Box[], positions: Map<string, Position>): { widthPx: number; heightPx: number } {
  const areaPx2 = boxes.reduce((sum, box) => sum + (box.widthPx + ZONE_GAP_X_PX) * (box.heightPx + ZONE_GAP_Y_PX), 0);
  const shelfWidthPx = Math.max(Math.sqrt(areaPx2 * ASPECT), ...boxes.map((box) => box.widthPx));
  let [x, y, shelfHeightPx, widthPx] = [0, 0, 0, 0];
  for (const box of boxes) {
    if (x > 0 && x + box.widthPx > shelfWidthPx) [x, y, shelfHeightPx] = [0, y + shelfHeightPx + ZONE_GAP_Y_PX, 0];
    placeBox(box, { x, y }, positions);
    x += box.widthPx + ZONE_GAP_X_PX;
    widthPx = Math.max(widthPx, x - ZONE_GAP_X_PX);
    shelfHeightPx = Math.max(shelfHeightPx, box.heightPx);
  }
  return { widthPx, heightPx: y + shelfHeightPx };
}

function placeBox(box: Box, corner: Position, positions: Map<string, Position>): void {
  box.columns.forEach((column, columnIndex) => {
    const top = (box.heightPx - ((column.length - 1) * ROW_STEP_PX + NODE_HEIGHT_PX)) / 2;
    column.forEach((node, rowIndex) => {
      positions.set(node.id, {
        x: corner.x + columnIndex * COLUMN_STEP_PX + NODE_WIDTH_PX / 2,
        y: corner.y + top + rowIndex * ROW_STEP_PX + NODE_HEIGHT_PX / 2,
      });
    });
  });
}

function placeColumn(nodes: readonly DrawnNode[], x: number, heightPx: number, positions: Map<string, Position>): void {
  const stepPx = Math.max(ROW_STEP_PX, heightPx / (nodes.length + 1));
  const top = (heightPx - (nodes.length - 1) * stepPx) / 2;
  nodes.forEach((node, index) => {
    positions.set(node.id, { x: x + NODE_WIDTH_PX / 2, y: top + index * stepPx });
  });
}
