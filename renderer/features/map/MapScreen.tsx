import { useMutation, useQuery } from '@tanstack/react-query';
import { ImageDown, Maximize, Network } from 'lucide-react';
import { lazy, type RefObject, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { MapView } from '../../../shared/contract/views.ts';
import { api } from '../../api/client.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { EmptyState, LoadingState, QueryState } from '../../ui/StateBlocks.tsx';
import type { MapHandle } from './MapCanvas.tsx';
import type { MapSelection } from './map-core.ts';
import { bundleEdges } from './bundle-edges.ts';
import { MapFilterBar } from './MapFilterBar.tsx';
import { MapLegend } from './MapLegend.tsx';
import { MapPanel } from './MapPanel.tsx';
import { MapTable } from './MapTable.tsx';
import { buildMapModel, type MapModel } from './map-model.ts';
import { useMapKeys } from './use-map-keys.ts';
import { useSettled } from './use-settled.ts';
import { PERIOD_MS, START_VIEW, type ViewState } from './view-state.ts';

// Cytoscape stays out of the first chunk (LIBRARIES.md, start-up).
const MapCanvas = lazy(async () => ({ default: (await import('./MapCanvas.tsx')).MapCanvas }));

/** Between two keys of one word; a shorter pause would search for a picture that nobody waits for. */
const TYPING_PAUSE_MS = 250;

/** Who talks to whom, as the kernels saw it, judged by the draft. */
export function MapScreen() {
  const [viewState, setViewState] = useState<ViewState>(START_VIEW);
  const [openedAtMs] = useState(() => Date.now());
  const periodMs = PERIOD_MS[viewState.period];
  const map = useQuery({
    ...api.flows.map.queryOptions({ input: { sinceMs: periodMs === null ? null : openedAtMs - periodMs } }),
    placeholderData: (previous) => previous,
  });
  const change = useCallback((fields: Partial<ViewState>) => setViewState((current) => ({ ...current, ...fields })), []);
  return (
    <QueryState query={map} what="the map">
      {(view) => <MapPage view={view} viewState={viewState} change={change} />}
    </QueryState>
  );
}

type PageProps = { readonly view: MapView; readonly viewState: ViewState; readonly change: (fields: Partial<ViewState>) => void };

function MapPage({ view, viewState, change }: PageProps) {
  const { verdicts, isGrouped, shape } = viewState;
  const text = useSettled(viewState.text, TYPING_PAUSE_MS);
  const model = useMemo(() => {
    const all = buildMapModel(view, { verdicts, text, isGrouped });
    return shape === 'picture' && isGrouped ? bundleEdges(all) : all;
  }, [view, verdicts, text, isGrouped, shape]);
  const [selection, setSelection] = useState<MapSelection>(null);
  const handle = useRef<MapHandle>(null);
  useMapKeys({
    toggleShape: () => change({ shape: shape === 'picture' ? 'table' : 'picture' }),
    fit: () => handle.current?.fit(),
    close: () => setSelection(null),
  });
  useEffect(() => {
    if (text === '') return;
    setSelection(null);
  }, [text]);
  return (
    <div className="page">
      <PageHead title="Map" detail={`${model.nodes.length} hosts and peers, ${model.edges.length} ${model.edges.length === 1 ? 'connection' : 'connections'}`}>
        <IconButton label="Fit to window" icon={Maximize} small={false} isDisabled={shape === 'table'} onPress={() => handle.current?.fit()} />
        <Button
          icon={ImageDown}
          isDisabled={shape === 'table' || model.nodes.length === 0}
          onPress={() => handle.current !== null && saveFile('map.png', handle.current.toPng())}
        >
          Export PNG
        </Button>
      </PageHead>
      <MapFilterBar state={viewState} change={change} />
      {view.lost.length === 0 ? null : <LostNote lost={view.lost} />}
      <div className="split">
        <div className="split-main map-area">
          <MapBody view={view} model={model} shape={shape} selection={selection} onSelect={setSelection} handle={handle} />
        </div>
        {selection === null ? null : <MapPanel key={selection.id} model={model} selection={selection} onSelect={setSelection} />}
      </div>
    </div>
  );
}

type BodyProps = {
  readonly view: MapView;
  readonly model: MapModel;
  readonly shape: ViewState['shape'];
  readonly selection: MapSelection;
  readonly onSelect: (selection: MapSelection) => void;
  readonly handle: RefObject<MapHandle | null>;
};

function MapBody({ view, model, shape, selection, onSelect, handle }: BodyProps) {
  const save = useMutation(api.flows.savePositions.mutationOptions());
  if (view.nodes.length === 0) {
    return (
      <EmptyState icon={Network} title="Nothing to draw yet">
        Add hosts and install the agent. Then collect: every connection that their kernels saw becomes an edge here.
      </EmptyState>
    );
  }
  if (shape === 'table') return <MapTable model={model} onSelect={onSelect} selection={selection} />;
  return (
    <>
      {model.nodes.length === 0 ? (
        <EmptyState icon={Network} title="Nothing matches">
          Change or clear the filters.
        </EmptyState>
      ) : null}
      <Suspense fallback={<LoadingState what="the map" />}>
        <MapCanvas ref={handle} model={model} selection={selection} onSelect={onSelect} onMoved={(positions) => save.mutate({ positions })} />
      </Suspense>
      <MapLegend />
    </>
  );
}

function LostNote({ lost }: { readonly lost: MapView['lost'] }) {
  return (
    <Note
      kind="warning"
      title={`The map is incomplete: recording was full on ${lost.map((host) => `${host.hostName} (${host.packets.toLocaleString('en')} packets not recorded)`).join(', ')}.`}
    />
  );
}
