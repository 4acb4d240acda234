import { type Box, boxAround, grow, overlap, type Position } from './map-geometry.ts';

/** Something to be placed: where its middle should be, how large it is, and whether it has grown since the others were placed. */
export type Placeable = { readonly id: string; readonly at: Position; readonly widthPx: number; readonly heightPx: number; readonly isGrown: boolean };

/**
 * Middles of all of them, so that none is nearer to another than the gap. What has grown stays where it is; of the rest only what is in the way moves, as little as it can, the nearest
 * first. So opening a group moves its neighbours and nothing else, and shutting it puts all back. Pure; the order of the input decides between equals.
 */
export function pushApart(items: readonly Placeable[], gapPx: number): ReadonlyMap<string, Position> {
  const grown = items.filter((item) => item.isGrown);
  const nearness = (item: Placeable) => Math.min(...grown.map((each) => Math.hypot(each.at.x - item.at.x, each.at.y - item.at.y)));
  const inTurn = [...grown, ...items.filter((item) => !item.isGrown).toSorted((a, b) => nearness(a) - nearness(b))];
  const placed: Box[] = [];
  const places = new Map<string, Position>();
  for (const item of inTurn) {
    const at = freePlace(item, placed, gapPx);
    places.set(item.id, at);
    placed.push(boxAround(at, item.widthPx, item.heightPx));
  }
  return places;
}

/** The nearest place to where it should be that is free; beside, above or below what is there already. */
export function freePlace({ at, widthPx, heightPx }: Pick<Placeable, 'at' | 'widthPx' | 'heightPx'>, placed: readonly Box[], gapPx: number): Position {
  const isFree = (place: Position) => {
    const box = grow(boxAround(place, widthPx, heightPx), gapPx - 0.5);
    return !placed.some((other) => overlap(box, other));
  };
  if (isFree(at)) return at;
  const xs = placed.flatMap((box) => [box.x1 - gapPx - widthPx / 2, box.x2 + gapPx + widthPx / 2]);
  const ys = placed.flatMap((box) => [box.y1 - gapPx - heightPx / 2, box.y2 + gapPx + heightPx / 2]);
  const straight = [...xs.map((x) => ({ x, y: at.y })), ...ys.map((y) => ({ x: at.x, y }))];
  return nearestFree(at, straight, isFree) ?? nearestFree(at, placed.length > MAX_CORNERS ? straight : xs.flatMap((x) => ys.map((y) => ({ x, y }))), isFree) ?? { x: at.x, y: Math.max(at.y, ...ys) };
}

/** Beyond so many boxes only places straight beside them are looked at. */
const MAX_CORNERS = 40;

function nearestFree(at: Position, places: readonly Position[], isFree: (place: Position) => boolean): Position | undefined {
  return places
    .map((place) => ({ place, distancePx: Math.hypot(place.x - at.x, place.y - at.y) }))
    .toSorted((a, b) => a.distancePx - b.distancePx)
    .find(({ place }) => isFree(place))?.place;
}
