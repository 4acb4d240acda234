import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { MapView } from '../../../shared/contract/views.ts';
import { api } from '../../api/client.ts';
import { bundleEdges } from './bundle-edges.ts';
import type { PlacedNode } from './map-core.ts';
import { layOutMap, type MapLayout } from './map-layout.ts';
import { buildMapModel, type MapModel } from './map-model.ts';
import type { MapSearch } from './map-search.ts';
import { NO_PLACES, placed, type SessionPlaces, withPlaces } from './session-places.ts';

export type MapPictureState = { readonly model: MapModel; readonly layout: MapLayout | null; readonly onMoved: (positions: PlacedNode[]) => void; readonly arrangeAnew: () => void; readonly error: Error | null };

/** Nearer than this to where it was is where it was. */
const SAME_PX = 0.5;

/**
 * What is drawn and where. Places are saved as they are drawn, so that the next picture (another day, another view, after an edit) has them again; what was saved meanwhile is known here before the backend is asked again.
 */
export function useMapPicture(view: MapView, search: MapSearch): MapPictureState {
  const places = useRef<SessionPlaces>(NO_PLACES);
  const lens = search.lens ?? 'live';
  const isPicture = search.shape !== 'table';
  const isBundled = isPicture && search.bundle !== 'no' && view.picture === 'hosts';
  const { model, layout } = useMemo(() => {
    const all = buildMapModel(placed(view, places.current), lens);
    const shown = isBundled ? bundleEdges(all) : all;
    return { model: shown, layout: isPicture ? layOutMap(shown) : null };
  }, [view, lens, isBundled, isPicture]);
  const save = useMutation(api.flows.savePositions.mutationOptions());
  const forget = useMutation(api.flows.forgetPositions.mutationOptions());
  const { mutate } = save;
  // A workspace that another console writes can only be looked at: places last as long as the window then.
  const info = useQuery(api.workspace.info.queryOptions({ input: {} }));
  const canSave = info.data?.readOnly === false;
  // What a filter leaves, or a period in which nobody talked, is no picture to go by.
  const isWhole = view.totals.shown === view.totals.conversations && view.totals.shown > 0;
  useEffect(() => {
    if (!isWhole || !canSave) return;
    const known = new Map([...model.nodes, ...model.groups].map((item) => [item.id, item]));
    const moved = [...(layout?.anchors ?? [])].flatMap(([id, { x, y }]) => (isThere(known.get(id), x, y) ? [] : [{ id, x, y }]));
    if (moved.length === 0) return;
    places.current = withPlaces(places.current, model.picture, 'kept', moved);
    mutate({ positions: moved, picture: model.picture, isKept: true });
  }, [model, layout, isWhole, canSave, mutate]);
  return {
    model,
    layout,
    error: save.error ?? forget.error,
    onMoved: (positions) => {
      places.current = withPlaces(places.current, model.picture, 'byHand', positions);
      if (canSave) mutate({ positions, picture: model.picture });
    },
    arrangeAnew: () => {
      places.current = NO_PLACES;
      if (canSave) forget.mutate({ picture: model.picture });
    },
  };
}

const isThere = (item: Pick<MapModel['nodes'][number], 'keptX' | 'keptY'> | undefined, x: number, y: number): boolean =>
  item?.keptX != null && item.keptY !== null && Math.abs(item.keptX - x) < SAME_PX && Math.abs(item.keptY - y) < SAME_PX;
