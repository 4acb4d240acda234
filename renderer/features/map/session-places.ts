import type { MapPicture } from '../../../shared/contract/map-query.ts';
import type { MapView } from '../../../shared/contract/views.ts';
import type { Position } from './map-geometry.ts';

/** Places that this window has saved since it asked for the view, by picture and id: what was dragged, and where things were drawn. */
export type SessionPlaces = { readonly [Picture in MapPicture]: { readonly byHand: ReadonlyMap<string, Position>; readonly kept: ReadonlyMap<string, Position> } };

const NONE = { byHand: new Map(), kept: new Map() };
export const NO_PLACES: SessionPlaces = { hosts: NONE, groups: NONE };

export function withPlaces(places: SessionPlaces, picture: MapPicture, kind: 'byHand' | 'kept', added: readonly (Position & { readonly id: string })[]): SessionPlaces {
  const known = places[picture];
  return { ...places, [picture]: { ...known, [kind]: new Map([...known[kind], ...added.map(({ id, x, y }) => [id, { x, y }] as const)]) } };
}

/** The view as the backend would answer now: newer places go before those that it was sent with. */
export function placed(view: MapView, places: SessionPlaces): MapView {
  const { byHand, kept } = places[view.picture];
  const put = <Item extends { readonly id: string }>(item: Item) => {
    const [hand, last] = [byHand.get(item.id), kept.get(item.id)];
    return { ...item, ...(hand === undefined ? {} : { x: hand.x, y: hand.y }), ...(last === undefined ? {} : { keptX: last.x, keptY: last.y }) };
  };
  return { ...view, nodes: view.nodes.map(put), groups: view.groups.map(put) };
}
