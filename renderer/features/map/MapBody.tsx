import { Network } from 'lucide-react';
import { lazy, type RefObject, Suspense } from 'react';
import type { MapView } from '../../../shared/contract/views.ts';
import { AddHostsLink } from '../../ui/AddHostsLink.tsx';
import { EmptyState, LoadingState } from '../../ui/StateBlocks.tsx';
import type { MapHandle } from './MapCanvas.tsx';
import { loadMapCanvas } from './load-map-canvas.ts';
import { MapLegend } from './MapLegend.tsx';
import { MapTable } from './MapTable.tsx';
import type { MapListeners, MapSelection } from './map-core.ts';
import type { MapPictureState } from './use-map-picture.ts';

const MapCanvas = lazy(loadMapCanvas);

type Props = Pick<MapListeners, 'onPress' | 'onBox' | 'onTwice'> & {
  readonly view: MapView;
  readonly picture: MapPictureState;
  readonly selection: MapSelection;
  readonly handle: RefObject<MapHandle | null>;
};

export function MapBody({ view, picture, selection, handle, ...listeners }: Props) {
  const { model, layout, onMoved } = picture;
  if (view.totals.hosts === 0 && view.totals.conversations === 0) {
    return (
      <EmptyState icon={Network} title="Nothing to draw yet" action={<AddHostsLink />}>
        Add hosts and install the agent. Then collect: every connection that their kernels saw becomes an edge here.
      </EmptyState>
    );
  }
  if (layout === null) return <MapTable model={model} onSelect={(id) => listeners.onPress(id, false)} selection={selection} />;
  return (
    <>
      {model.nodes.length === 0 ? (
        <EmptyState icon={Network} title="Nothing matches">
          Change or clear the filters.
        </EmptyState>
      ) : null}
      <Suspense fallback={<LoadingState what="the map" />}>
        <MapCanvas ref={handle} model={model} layout={layout} selection={selection} onMoved={onMoved} {...listeners} />
      </Suspense>
      <MapLegend isDraft={model.lens === 'draft'} />
    </>
  );
}
