import type { ElementDefinition } from 'cytoscape';
import { MODE_WORDS } from '../../ui/ModeBadge.tsx';
import { zoneNodeId } from './bundle-edges.ts';
import { layOutMap, type Position } from './map-layout.ts';
import { bendOf } from './edge-bend.ts';
import { type DrawnNode, edgeLabel, type MapModel } from './map-model.ts';

/** Where the admin last put a node, or null. Groups have no stored place. */
function storedPosition(node: DrawnNode): Position | null {
  const [only] = node.members;
  return node.kind === 'group' || only === undefined || only.x === null || only.y === null ? null : { x: only.x, y: only.y };
}

/** Elements for Cytoscape with their places: stored ones first, the zone grid for the rest. */
export function mapElements(model: MapModel): ElementDefinition[] {
  const grid = layOutMap(model);
  const places = new Map(model.nodes.map((node) => [node.id, storedPosition(node) ?? grid.get(node.id) ?? { x: 0, y: 0 }]));
  const zones = model.zones.map(
    (zone): ElementDefinition => ({
      group: 'nodes',
      data: { id: zoneNodeId(zone.name), label: `${zone.name} · ${MODE_WORDS[zone.mode]}`, kind: 'zone', mode: zone.mode },
      selectable: false,
    }),
  );
  const known = new Set(model.zones.map((zone) => zone.name));
  const isBusy = model.edges.length > QUIET_EDGES;
  const nodes = model.nodes.map((node): ElementDefinition => {
    const parent = node.zone !== null && known.has(node.zone) ? { parent: zoneNodeId(node.zone) } : {};
    return {
      group: 'nodes',
      data: { id: node.id, label: node.label, kind: node.kind, mode: node.mode, ...parent },
      position: { ...(places.get(node.id) ?? { x: 0, y: 0 }) },
    };
  });
  const edges = model.edges.map(
    (edge): ElementDefinition => ({
      group: 'edges',
      data: { id: edge.id, source: edge.source, target: edge.target, verdict: edge.verdict, label: edgeLabel(edge), bend: bendOf(edge, model.edges, places) },
      classes: isBusy && edge.verdict === 'allowed' ? 'calm' : '',
    }),
  );
  return [...zones, ...nodes, ...edges];
}

/** With more edges than this, those that a rule explains step back, so that the others are seen. */
const QUIET_EDGES = 24;
