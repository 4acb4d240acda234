import type { ElementDefinition } from 'cytoscape';
import { MODE_WORDS } from '../../ui/ModeBadge.tsx';
import { zoneNodeId } from './bundle-edges.ts';
import { layOutMap, type Position } from './map-layout.ts';
import { type DrawnEdge, type DrawnNode, edgeLabel, type MapModel } from './map-model.ts';

/** Where the admin last put a node, or null. Groups have no stored place. */
function storedPosition(node: DrawnNode): Position | null {
  const [only] = node.members;
  return node.kind === 'group' || only === undefined || only.x === null || only.y === null ? null : { x: only.x, y: only.y };
}

/** Elements for Cytoscape with their places: stored ones first, the zone grid for the rest. */
export function mapElements(model: MapModel): ElementDefinition[] {
  const grid = layOutMap(model);
  const places = new Map(model.nodes.map((node) => [node.id, storedPosition(node) ?? grid.get(node.id) ?? { x: 0, y: 0 }]));
  const zones = model.zones.map((zone): ElementDefinition => ({ group: 'nodes', data: { id: zoneNodeId(zone.name), label: `${zone.name} · ${MODE_WORDS[zone.mode]}`, kind: 'zone', mode: zone.mode }, selectable: false }));
  const known = new Set(model.zones.map((zone) => zone.name));
  const isBusy = model.edges.length > QUIET_EDGES;
  const nodes = model.nodes.map((node): ElementDefinition => {
    const parent = node.zone !== null && known.has(node.zone) ? { parent: zoneNodeId(node.zone) } : {};
    return { group: 'nodes', data: { id: node.id, label: node.label, kind: node.kind, mode: node.mode, ...parent }, position: { ...(places.get(node.id) ?? { x: 0, y: 0 }) } };
  });
  const edges = model.edges.map((edge): ElementDefinition => ({ group: 'edges', data: { id: edge.id, source: edge.source, target: edge.target, verdict: edge.verdict, label: edgeLabel(edge), bend: bendOf(edge, model, places) }, classes: isBusy && edge.verdict === 'allowed' ? 'calm' : '' }));
  return [...zones, ...nodes, ...edges];
}

/** With more edges than this, those that a rule explains step back, so that the others are seen. */
const QUIET_EDGES = 24;
const SAME_COLUMN_PX = 40;
const BEND_BACK_PX = 26;

/** How far an edge bows out: round its neighbours within a column, past nodes that stand in its way, and apart from the edge that goes back. */
function bendOf(edge: DrawnEdge, model: MapModel, places: ReadonlyMap<string, Position>): number {
  const [from, to] = [places.get(edge.source), places.get(edge.target)];
  if (from === undefined || to === undefined) return 0;
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  if (Math.abs(from.x - to.x) < SAME_COLUMN_PX) return Math.min(30 + distance / 3, 150);
  const isInTheWay = model.nodes.some((node) => node.id !== edge.source && node.id !== edge.target && nearLine(places.get(node.id), from, to));
  if (isInTheWay) return Math.min(36 + distance / 12, 90);
  return model.edges.some((other) => other.source === edge.target && other.target === edge.source) ? BEND_BACK_PX : 0;
}

/** Whether a node's box would be crossed by the straight line. */
function nearLine(point: Position | undefined, from: Position, to: Position): boolean {
  if (point === undefined) return false;
  const lengthSquared = (to.x - from.x) ** 2 + (to.y - from.y) ** 2;
  const along = ((point.x - from.x) * (to.x - from.x) + (point.y - from.y) * (to.y - from.y)) / lengthSquared;
  if (along <= 0.05 || along >= 0.95) return false;
  const [x, y] = [from.x + along * (to.x - from.x), from.y + along * (to.y - from.y)];
  return Math.abs(point.x - x) < 72 && Math.abs(point.y - y) < 22;
}
