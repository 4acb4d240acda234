import { type DrawnEdge, type DrawnNode, type MapModel, summedUp } from './map-model.ts';

/** Fewer like edges into one zone than this stay single, unless they are to all of its hosts. */
const MIN_BUNDLE = 3;
const MIN_WHOLE_BUNDLE = 2;

export const zoneNodeId = (zone: string): string => `zone:${zone}`;

/**
 * The model for the picture: where one node talks to three or more hosts of another zone, or to both of two (or they to it), over the same
 * ports with the same verdict, one edge to the zone's box stands for all of them. Keeps monitoring, backup and jump hosts from covering the map. Pure.
 */
export function bundleEdges(model: MapModel): MapModel {
  const zoneOf = new Map(model.nodes.flatMap((node) => (node.zone === null ? [] : [[node.id, node.zone] as const])));
  const nodes = new Map(model.nodes.map((node) => [node.id, node]));
  const sizes = new Map([...Map.groupBy(model.nodes, (node) => node.zone)].map(([zone, members]) => [zone, members.length]));
  const isEnough = (count: number, zone: string) => count >= MIN_BUNDLE || (count >= MIN_WHOLE_BUNDLE && count === sizes.get(zone));
  const outwards = replaceBundles(
    model.edges,
    (edge) => bundleKey(edge, edge.source, edge.target, zoneOf, 'to'),
    isEnough,
    (edges, zone) => bundled(edges, model, nodes, { source: edges[0]?.source ?? '', target: zoneNodeId(zone) }),
  );
  const inwards = replaceBundles(
    outwards,
    (edge) => bundleKey(edge, edge.target, edge.source, zoneOf, 'from'),
    isEnough,
    (edges, zone) => bundled(edges, model, nodes, { source: zoneNodeId(zone), target: edges[0]?.target ?? '' }),
  );
  return { ...model, edges: inwards };
}

type Key = { readonly zone: string; readonly text: string };

/** What edges must share to be drawn as one: the node at one end, the zone at the other, ports and verdict. Null: never bundled. */
function bundleKey(edge: DrawnEdge, single: string, many: string, zoneOf: ReadonlyMap<string, string>, way: 'to' | 'from'): Key | null {
  const zone = zoneOf.get(many);
  if (zone === undefined || zone === zoneOf.get(single) || single.startsWith('zone:')) return null;
  const ports = [...new Set(edge.parts.map((part) => `${part.protocol}/${part.port}`))].toSorted().join(' ');
  return { zone, text: `${way} ${single} ${zone} ${edge.verdict} ${ports}` };
}

function replaceBundles(
  edges: readonly DrawnEdge[],
  keyOf: (edge: DrawnEdge) => Key | null,
  isEnough: (count: number, zone: string) => boolean,
  bundle: (edges: readonly DrawnEdge[], zone: string) => DrawnEdge,
): readonly DrawnEdge[] {
  const groups = Map.groupBy(edges, (edge) => keyOf(edge)?.text ?? `single ${edge.id}`);
  return [...groups.values()].flatMap((group) => {
    const zone = group[0] === undefined ? undefined : keyOf(group[0])?.zone;
    return zone === undefined || !isEnough(group.length, zone) ? group : [bundle(group, zone)];
  });
}

function bundled(edges: readonly DrawnEdge[], { lens }: MapModel, nodes: ReadonlyMap<string, DrawnNode>, ends: { source: string; target: string }): DrawnEdge {
  const [first] = edges;
  if (first === undefined) throw new Error('a bundle has edges');
  const members = edges.map((edge) => nodes.get(ends.target === edge.target ? edge.source : edge.target)?.label ?? '');
  const parts = edges.flatMap((edge) => edge.parts);
  return { ...ends, id: `${ends.source}>${ends.target} ${first.id}`, ...summedUp(parts, lens), bundle: members };
}
