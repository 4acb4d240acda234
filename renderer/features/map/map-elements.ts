import type { ElementDefinition } from 'cytoscape';
import { zoneNodeId } from './bundle-edges.ts';
import { middleOf } from './map-geometry.ts';
import { isCalm, layOutMap, type MapLayout, zoneTitle } from './map-layout.ts';
import { edgeLabel, type MapModel } from './map-model.ts';

/** Elements for Cytoscape with their places: stored ones first, the computed picture for the rest. */
export function mapElements(model: MapModel): ElementDefinition[] {
  const layout = layOutMap(model);
  const zones = model.zones.flatMap((zone) => zoneElements(zone, layout));
  const nodes = model.nodes.map((node): ElementDefinition => {
    const parent = node.zone !== null && layout.frames.has(zoneNodeId(node.zone)) ? { parent: zoneNodeId(node.zone) } : {};
    return {
      group: 'nodes',
      data: { id: node.id, label: node.label, kind: node.kind, mode: node.mode, ...parent },
      position: { ...(layout.nodes.get(node.id) ?? { x: 0, y: 0 }) },
    };
  });
  const edges = model.edges.map((edge): ElementDefinition => {
    const bend = layout.routes.get(edge.id)?.bend ?? { at: 0.5, px: 0 };
    const labelAt = layout.labels.get(edge.id)?.offsetPx ?? 0;
    return {
      group: 'edges',
      data: { id: edge.id, source: edge.source, target: edge.target, verdict: edge.verdict, label: edgeLabel(edge), bend: bend.px, bendAt: bend.at, labelAt },
      classes: isCalm(edge, layout.isBusy) ? 'calm' : '',
    };
  });
  return [...zones, ...nodes, ...edges];
}

/** A zone's box and, as a node in it that nothing can be done with, its title. */
function zoneElements(zone: MapModel['zones'][number], layout: MapLayout): ElementDefinition[] {
  const id = zoneNodeId(zone.name);
  const frame = layout.frames.get(id);
  if (frame === undefined) return [];
  const widthPx = frame.title.x2 - frame.title.x1;
  return [
    { group: 'nodes', data: { id, kind: 'zone', label: '', mode: zone.mode }, selectable: false },
    {
      group: 'nodes',
      data: { id: `title:${zone.name}`, parent: id, kind: 'title', label: zoneTitle(zone), widthPx, titleAt: frame.titleAt },
      position: { ...middleOf(frame.title) },
      selectable: false,
      grabbable: false,
    },
  ];
}
