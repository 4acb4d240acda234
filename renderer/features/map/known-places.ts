import { type Box, grow, hull, isOutside, middleOf, nodeBox, OUTSIDE_HEIGHT_PX, OUTSIDE_WIDTH_PX, type Position, ZONE_PADDING_PX, type ZoneFrame } from './map-geometry.ts';
import type { DrawnNode, MapModel } from './map-model.ts';
import { freePlace } from './push-apart.ts';

type Known = { readonly nodes: ReadonlyMap<string, Position>; readonly frames: ReadonlyMap<string, Pick<ZoneFrame, 'titleAt'>> };
type Placed = Pick<DrawnNode, 'x' | 'y' | 'keptX' | 'keptY'>;

/** Where so much of the picture has a place from before, what is new is put beside it; else all is arranged anew. */
const KNOWN_PART = 0.66;
const GAP_PX = 24;

/** Where the admin last put it, or null. */
export const storedPosition = ({ x, y }: Pick<Placed, 'x' | 'y'>): Position | null => (x === null || y === null ? null : { x, y });
const knownPosition = (item: Placed): Position | null => storedPosition(item) ?? (item.keptX === null || item.keptY === null ? null : { x: item.keptX, y: item.keptY });

/** The picture of hosts as it was drawn before, new ones beside those of their zone; null where too little of it is known. An edit, another view or a filter moves nothing then. Pure. */
export function knownPlaces(model: MapModel): Known | null {
  const nodes = new Map(model.nodes.flatMap((node) => at(node.id, knownPosition(node))));
  if (nodes.size === 0 || nodes.size < model.nodes.length * KNOWN_PART) return null;
  const boxes = new Map(model.nodes.flatMap((node) => at(node.id, boxOrNull(node, nodes.get(node.id)))));
  const callers = new Set(model.edges.map((edge) => edge.source));
  for (const node of model.nodes) {
    if (nodes.has(node.id)) continue;
    const zoneBoxes = boxesOfZones(model, boxes, node.parent);
    const place = freePlace({ at: wishFor(model, boxes, node, callers.has(node.id)), widthPx: OUTSIDE_WIDTH_PX, heightPx: OUTSIDE_HEIGHT_PX }, [...boxes.values(), ...zoneBoxes], GAP_PX);
    nodes.set(node.id, place);
    boxes.set(node.id, nodeBox(node.kind, place));
  }
  return { nodes, frames: new Map(model.groups.map((group) => [group.id, { titleAt: titleSide(model, group, boxes) }])) };
}

/** Beside the others of its zone; a peer that calls at the left of all, any other peer at the right. */
function wishFor(model: MapModel, boxes: ReadonlyMap<string, Box>, node: DrawnNode, isCaller: boolean): Position {
  const all = hull([...boxes.values()]);
  if (isOutside(node.kind)) return { x: isCaller ? all.x1 - 2 * GAP_PX - OUTSIDE_WIDTH_PX / 2 : all.x2 + 2 * GAP_PX + OUTSIDE_WIDTH_PX / 2, y: middleOf(all).y };
  const beside = hostsOf(model, node.parent).flatMap((other) => boxes.get(other.id) ?? []);
  return middleOf(beside.length === 0 ? all : hull(beside));
}

const hostsOf = (model: MapModel, group: string | null): readonly DrawnNode[] => model.nodes.filter((node) => node.parent !== null && node.parent === group);

/** About what zones cover, so that nobody of another zone is put into one. */
const boxesOfZones = (model: MapModel, boxes: ReadonlyMap<string, Box>, own: string | null): readonly Box[] =>
  model.groups.flatMap((group) => {
    const hosts = hostsOf(model, group.id).flatMap((node) => boxes.get(node.id) ?? []);
    return group.id === own || hosts.length === 0 ? [] : [grow(hull(hosts), 2 * ZONE_PADDING_PX)];
  });

/** A box's middle is above that of its hosts where its title is. */
function titleSide(model: MapModel, group: MapModel['groups'][number], boxes: ReadonlyMap<string, Box>): ZoneFrame['titleAt'] {
  const middle = knownPosition(group);
  const hosts = hostsOf(model, group.id).flatMap((node) => boxes.get(node.id) ?? []);
  return middle !== null && hosts.length > 0 && middle.y > middleOf(hull(hosts)).y ? 'bottom' : 'top';
}

const at = <Value>(id: string, value: Value | null): readonly (readonly [string, Value])[] => (value === null ? [] : [[id, value]]);
const boxOrNull = (node: DrawnNode, place: Position | undefined): Box | null => (place === undefined ? null : nodeBox(node.kind, place));
