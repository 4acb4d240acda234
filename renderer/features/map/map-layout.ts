import { arrangeZones } from './arrange-zones.ts';
import { type GroupLayout, layOutGroups } from './group-layout.ts';
import { groupTitle } from './group-title.ts';
import { type Box, frameAround, middleOf, nodeBox, type Position, type ZoneFrame } from './map-geometry.ts';
import { type DrawnNode, edgeLabel, type MapModel, shortLabel } from './map-model.ts';
import { knownPlaces, storedPosition } from './known-places.ts';
import { type LabelPlace, labelsInTheMiddle, labelsWithoutRoom, placeLabels } from './place-labels.ts';
import { type Route, routeEdges } from './route-edges.ts';
import { layOutShelves } from './zone-shelves.ts';
import { placeUnits } from './zone-units.ts';

/** Everything of the picture that is computed and not styled: places of nodes, boxes of zones by node id, ways and labels of edges by edge id. */
export type MapLayout = {
  readonly nodes: ReadonlyMap<string, Position>;
  readonly frames: ReadonlyMap<string, ZoneFrame>;
  readonly routes: ReadonlyMap<string, Route>;
  readonly labels: ReadonlyMap<string, LabelPlace>;
  /** Edges for whose whole label there is no room. */
  readonly short: ReadonlySet<string>;
  /** Edges whose label has no room even if it is short: seen only when the edge is pointed at. */
  readonly bare: ReadonlySet<string>;
  readonly isBusy: boolean;
  /** So many lines that only what is refused, or would be, is to be seen among them. */
  readonly isDense: boolean;
  /** Where everything stands that can be put somewhere, as it should stand the next time. */
  readonly anchors: ReadonlyMap<string, Position>;
};

/** Up to this size the best of many arrangements is looked for; above it that takes too long, and zones go on shelves. */
const SMALL = { nodes: 40, edges: 120 };
/** With more edges than this, those that a rule explains step back, so that the others are seen. */
const QUIET_EDGES = 24;
/** With more than this, no label has room until it is pointed at. */
const BARE_EDGES = 150;

/** The whole picture. Pure: the same model gives the same picture; a node that the admin has put somewhere is there. */
export function layOutMap(model: MapModel): MapLayout {
  // Arrangements are compared with straight edges; which of the best is taken is decided by the edges as they are drawn.
  const [best] = firstsOf(model).map((first) => routed(model, first)).toSorted((a, b) => a.faults - b.faults);
  if (best === undefined) throw new Error('there is always an arrangement');
  const { nodes, frames, routes, boxes, anchors } = best;
  const isBusy = model.edges.length > QUIET_EDGES;
  // Labels that are always shown choose their places first.
  const shownFirst = model.edges.toSorted((a, b) => Number(isCalm(a, isBusy)) - Number(isCalm(b, isBusy)));
  const pathsOf = (short: ReadonlySet<string>) => shownFirst.map((edge) => ({ id: edge.id, text: short.has(edge.id) ? shortLabel(edge) : edgeLabel(edge), path: routes.get(edge.id)?.path ?? [] }));
  const isDense = model.edges.length > BARE_EDGES;
  if (isDense) return { nodes, frames, routes, labels: labelsInTheMiddle(pathsOf(NONE)), short: NONE, bare: new Set(model.edges.map((edge) => edge.id)), isBusy, isDense, anchors };
  const titles = [...frames.values()].map((frame) => frame.title);
  const placed = (short: ReadonlySet<string>) => placeLabels(pathsOf(short), [...boxes.values()], titles);
  const whole = placed(NONE);
  const short = labelsWithoutRoom(whole, [...boxes.values(), ...titles]);
  const labels = short.size === 0 ? whole : placed(short);
  return { nodes, frames, routes, labels, short, bare: withoutRoom(model, labels, [...boxes.values(), ...titles]), isBusy, isDense, anchors };
}
const NONE: ReadonlySet<string> = new Set();

/** What is refused, or would be, is told at its line wherever that is. */
function withoutRoom(model: MapModel, labels: MapLayout['labels'], boxes: readonly Box[]): ReadonlySet<string> {
  const refused = new Set(model.edges.flatMap((edge) => (edge.verdict === 'blocked' || edge.verdict === 'would-block' ? [edge.id] : [])));
  const first = [...labels].toSorted(([a], [b]) => Number(refused.has(b)) - Number(refused.has(a)));
  return new Set([...labelsWithoutRoom(new Map(first), boxes)].filter((id) => !refused.has(id)));
}

function firstsOf(model: MapModel): readonly First[] {
  if (model.picture === 'groups') return [asFirst(layOutGroups(model))];
  const known = knownPlaces(model);
  if (known !== null) return [known];
  const titles = new Map(model.groups.flatMap((group) => (group.zone === null ? [] : [[group.zone, groupTitle(model, group)] as const])));
  const isSmall = model.nodes.length <= SMALL.nodes && model.edges.length <= SMALL.edges;
  return isSmall ? arrangeZones({ ...model, titles }).map(placeUnits) : [{ nodes: layOutShelves(model), frames: new Map() }];
}

const asFirst = ({ nodes, frames, anchors }: GroupLayout): First => ({ nodes, frames, whole: frames, anchors });

/** Computed places before the admin's. */
type First = { readonly nodes: MapLayout['nodes']; readonly frames: ReadonlyMap<string, Pick<ZoneFrame, 'titleAt'>>; /** Boxes that are not to be made round their hosts. */ readonly whole?: MapLayout['frames']; readonly anchors?: MapLayout['anchors'] };

function routed(model: MapModel, first: First) {
  const placeOf = (node: DrawnNode) => (model.picture === 'groups' ? null : storedPosition(node)) ?? first.nodes.get(node.id) ?? ORIGIN;
  const nodes = new Map(model.nodes.map((node) => [node.id, placeOf(node)]));
  const boxes = new Map(model.nodes.map((node) => [node.id, nodeBox(node.kind, nodes.get(node.id) ?? ORIGIN)]));
  const frames = first.whole ?? framesOf(model, boxes, first);
  const titles = [...frames.values()].map((frame) => frame.title);
  const routes = routeEdges(model.edges, { nodes: boxes, titles, zones: new Map([...frames].map(([id, frame]) => [id, frame.box])) });
  const faults = model.edges.reduce((sum, edge) => sum + faultsOf(edge, routes.get(edge.id), model.edges.length > QUIET_EDGES), 0);
  return { nodes, boxes, frames, routes, faults, anchors: first.anchors ?? new Map([...nodes, ...[...frames].map(([id, frame]) => [id, middleOf(frame.box)] as const)]) };
}

/** Boxes of zones round their hosts, wherever these were put. */
function framesOf(model: MapModel, boxes: ReadonlyMap<string, Box>, first: First): ReadonlyMap<string, ZoneFrame> {
  return new Map(
    model.groups.flatMap((group) => {
      const hosts = model.nodes.filter((node) => node.parent === group.id).flatMap((node) => boxes.get(node.id) ?? []);
      return hosts.length === 0 ? [] : [[group.id, frameAround(hosts, groupTitle(model, group), first.frames.get(group.id)?.titleAt ?? 'top')] as const];
    }),
  );
}

/** Routes that cost this much run through a title or a node. */
const FAULT_COST = 250;
const SHOWN_WEIGHT = 5;
const faultsOf = (edge: MapModel['edges'][number], route: Route | undefined, isBusy: boolean): number =>
  Math.floor((route?.cost ?? 0) / FAULT_COST) * (isCalm(edge, isBusy) ? 1 : SHOWN_WEIGHT);
const ORIGIN: Position = { x: 0, y: 0 };

/** On a busy map, edges that a rule explains step back. */
export const isCalm = (edge: MapModel['edges'][number], isBusy: boolean): boolean => isBusy && edge.verdict === 'allowed';
