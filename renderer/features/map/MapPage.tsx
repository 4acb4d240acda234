import { Maximize, RotateCcw } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { MapPlace, MapQuery } from '../../../shared/contract/map-query.ts';
import type { MapView } from '../../../shared/contract/views.ts';
import { IconButton } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { FindBox } from './FindBox.tsx';
import { MapBody } from './MapBody.tsx';
import type { MapHandle } from './MapCanvas.tsx';
import { MapFilterBar } from './MapFilterBar.tsx';
import { MapNotes } from './MapNotes.tsx';
import { MapPanel } from './MapPanel.tsx';
import type { MapActions } from './map-actions.ts';
import type { MapSelection } from './map-core.ts';
import { canOpen } from './map-elements.ts';
import { type MapSearch, type MapSearchChange, opened, shutAgain, unfoldedAfter } from './map-search.ts';
import { type Chosen, chosenOf } from './map-selection.ts';
import { mapSummary } from './map-summary.ts';
import { useMapKeys } from './use-map-keys.ts';
import { useMapPicture } from './use-map-picture.ts';

type Props = { readonly view: MapView; readonly query: MapQuery; readonly search: MapSearch; readonly change: (fields: MapSearchChange) => void; /** Why the newest filters gave nothing new; the picture before stays. */ readonly failure: Error | null };

export function MapPage({ view, query, search, change, failure }: Props) {
  const [selection, setSelection] = useState<MapSelection>([]);
  const handle = useRef<MapHandle>(null);
  const picture = useMapPicture(view, search);
  const { model } = picture;
  const chosen = useMemo(() => chosenOf(model, selection), [model, selection]);
  const actions = actionsOf(search, change, setSelection);
  const shape = search.shape ?? 'picture';
  const turn = (id: string) => turnGroup(chosenOf(model, [id]), actions);
  useMapKeys({
    toggleShape: () => change({ shape: shape === 'picture' ? 'table' : 'picture' }),
    toggleLens: () => change({ lens: (search.lens ?? 'live') === 'live' ? 'draft' : 'live' }),
    fit: () => handle.current?.fit(),
    close: () => setSelection([]),
    turn: () => turnGroup(chosen, actions),
  });
  useEffect(() => {
    if (query.text !== null) setSelection([]);
  }, [query.text]);
  const found = (place: MapPlace) => {
    if (view.level !== 'host' && place.open.length > 0) change(opened(search, place.open));
    setSelection([place.id]);
  };
  const hasChosen = chosen.edges.length + chosen.nodes.length + chosen.groups.length > 0;
  return (
    <div className="page">
      <PageHead title="Map" detail={mapSummary(view, model)}>
        <FindBox onFound={found} />
        <IconButton label="Arrange anew" icon={RotateCcw} small={false} isDisabled={shape === 'table'} onPress={picture.arrangeAnew} />
        <IconButton label="Fit to window" icon={Maximize} small={false} isDisabled={shape === 'table'} onPress={() => handle.current?.fit()} />
        <ExportMenu handle={handle} query={query} hasPicture={shape === 'picture' && model.nodes.length > 0} />
      </PageHead>
      <MapFilterBar view={view} search={search} change={change} />
      {failure === null ? null : <ErrorNote error={failure} />}
      {picture.error === null ? null : <ErrorNote error={picture.error} />}
      <MapNotes view={view} query={query} />
      <div className="split">
        <div className="split-main map-area">
          <MapBody
            view={view}
            picture={picture}
            selection={selection}
            handle={handle}
            onPress={(id, isMore) => setSelection((now) => pressed(now, id, isMore))}
            onBox={(ids) => setSelection((now) => [...new Set([...now, ...ids])])}
            onTwice={turn}
          />
        </div>
        {hasChosen ? <MapPanel key={selection.join(' ')} model={model} chosen={chosen} actions={actions} /> : null}
      </div>
    </div>
  );
}

/** Alone, or beside what is chosen already: then a second press takes it out again. */
function pressed(now: MapSelection, id: string | null, isMore: boolean): MapSelection {
  if (id === null) return isMore ? now : [];
  if (!isMore) return [id];
  return now.includes(id) ? now.filter((each) => each !== id) : [...now, id];
}

const isPeers = (id: string): boolean => id.startsWith('peers:');

function actionsOf(search: MapSearch, change: Props['change'], select: (selection: MapSelection) => void): MapActions {
  return {
    select,
    open: (id) => {
      change(opened(search, [id]));
      select([id]);
    },
    shut: (id) => {
      change(shutAgain(search, id));
      select([id]);
    },
    unfold: (hub, isUnfolded) => change({ unfolded: unfoldedAfter(search, hub, isUnfolded) }),
    groupPeers: search.open?.some(isPeers) === true ? () => change({ open: search.open?.filter((id) => !isPeers(id)) }) : null,
  };
}

/** A single group that is chosen opens or shuts. */
function turnGroup({ nodes, groups, edges }: Chosen, actions: MapActions): void {
  const [node, group] = [nodes[0], groups[0]];
  if (nodes.length + groups.length + edges.length !== 1) return;
  if (node !== undefined && canOpen(node)) actions.open(node.id);
  else if (group !== undefined) actions.shut(group.id);
}
