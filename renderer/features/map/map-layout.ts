import { MODE_WORDS } from '../../ui/ModeBadge.tsx';
import { arrangeZones } from './arrange-zones.ts';
import { zoneNodeId } from './bundle-edges.ts';
import { frameAround, nodeBox, type Position, type ZoneFrame } from './map-geometry.ts';
import { type DrawnNode, edgeLabel, type MapModel } from './map-model.ts';
import { type LabelPlace, placeLabels } from './place-labels.ts';
import { type Route, routeEdges } from './route-edges.ts';
import { layOutShelves } from './zone-shelves.ts';
import { placeUnits } from './zone-units.ts';

/** Everything of the picture that is computed and not styled: places of nodes, boxes of zones by node id, ways and labels of edges by edge id. */
export type MapLayout = {
  readonly nodes: ReadonlyMap<string, Position>;
  readonly frames: ReadonlyMap<string, ZoneFrame>;
  readonly routes: ReadonlyMap<string, Route>;
  readonly labels: ReadonlyMap<string, LabelPlace>;
  readonly isBusy: boolean;
};

/** Up to this size the best of many arrangements is looked for; above it that takes too long, and zones go on shelves. */
const SMALL = { nodes: 40, edges: 120 };
/** With more edges than this, those that a rule explains step back, so that the others are seen. */
const QUIET_EDGES = 24;

export const zoneTitle = (zone: MapModel['zones'][number]): string => `${zone.name} · ${MODE_WORDS[zone.mode]}`;

/** The whole picture. Pure: the same model gives the same picture; a node that the admin has put somewhere is there. */
export function layOutMap(model: MapModel): MapLayout {
  const titles = new Map(model.zones.map((zone) => [zone.name, zoneTitle(zone)]));
  const isSmall = model.nodes.length <= SMALL.nodes && model.edges.length <= SMALL.edges;
  const firsts: readonly First[] = isSmall ? arrangeZones({ ...model, titles }).map(placeUnits) : [{ nodes: layOutShelves(model), frames: new Map() }];
  // Arrangements are compared with straight edges; which of the best is taken is decided by the edges as they are drawn.
  const [best] = firsts.map((first) => routed(model, first)).toSorted((a, b) => a.faults - b.faults);
  if (best === undefined) throw new Error('there is always an arrangement');
  const { nodes, frames, routes, boxes } = best;
  const isBusy = model.edges.length > QUIET_EDGES;
  // Labels that are always shown choose their places first.
  const shownFirst = model.edges.toSorted((a, b) => Number(isCalm(a, isBusy)) - Number(isCalm(b, isBusy)));
  const paths = shownFirst.map((edge) => ({ id: edge.id, text: edgeLabel(edge), path: routes.get(edge.id)?.path ?? [] }));
  const labels = placeLabels(
    paths,
    [...boxes.values()],
    [...frames.values()].map((frame) => frame.title),
  );
  return { nodes, frames, routes, labels, isBusy };
}

/** Computed places before the admin's. */
type First = { readonly nodes: ReadonlyMap<string, Position>; readonly frames: ReadonlyMap<string, ZoneFrame> };

function routed(model: MapModel, first: First) {
  const nodes = new Map(model.nodes.map((node) => [node.id, storedPosition(node) ?? first.nodes.get(node.id) ?? ORIGIN]));
  const boxes = new Map(model.nodes.map((node) => [node.id, nodeBox(node.kind, nodes.get(node.id) ?? ORIGIN)]));
  const frames = new Map(
    model.zones.flatMap((zone) => {
      const hosts = model.nodes.filter((node) => node.zone === zone.name).flatMap((node) => boxes.get(node.id) ?? []);
      const id = zoneNodeId(zone.name);
      return hosts.length === 0 ? [] : [[id, frameAround(hosts, zoneTitle(zone), first.frames.get(id)?.titleAt ?? 'top')] as const];
    }),
  );
  const titles = [...frames.values()].map((frame) => frame.title);
  const routes = routeEdges(model.edges, { nodes: boxes, titles, zones: new Map([...frames].map(([id, frame]) => [id, frame.box])) });
  return {
    nodes,
    boxes,
    frames,
    routes,
    faults: model.edges.reduce((sum, edge) => sum + faultsOf(edge, routes.get(edge.id), model.edges.length > QUIET_EDGES), 0),
  };
}

/** Routes that cost this much run through a title or a node. */
const FAULT_COST = 250;
const SHOWN_WEIGHT = 5;
const faultsOf = (edge: MapModel['edges'][number], route: Route | undefined, isBusy: boolean): number =>
  Math.floor((route?.cost ?? 0) / FAULT_COST) * (isCalm(edge, isBusy) ? 1 : SHOWN_WEIGHT);
const ORIGIN: Position = { x: 0, y: 0 };

/** Where the admin last put a node, or null. Groups have no stored place. */
function storedPosition(node: DrawnNode): Position | null {
  const [only] = node.members;
  return node.kind === 'group' || only === undefined || only.x === null || only.y === null ? null : { x: only.x, y: only.y };
}

/** On a busy map, edges that a rule explains step back. */
export const isCalm = (edge: MapModel['edges'][number], isBusy: boolean): boolean => isBusy && edge.verdict === 'allowed';
