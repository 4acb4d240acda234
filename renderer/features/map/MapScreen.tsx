import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { MapView } from '../../../shared/contract/views.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { LoadingState, RestoreLink } from '../../ui/StateBlocks.tsx';
import { useSettled } from '../../ui/use-settled.ts';
import { loadMapCanvas } from './load-map-canvas.ts';
import { MapPage } from './MapPage.tsx';
import { countFilters, mapQueryOf } from './map-search.ts';
import { useMapSearch } from './use-map-search.ts';

/** Between two keys of one word; a shorter pause would search for a picture that nobody waits for. */
const TYPING_PAUSE_MS = 250;

/** Who talks to whom, as the kernels saw it: live, or judged by the draft. */
export function MapScreen() {
  const { search, change } = useMapSearch();
  // It stands still, so that one period is one query, which the backend keeps.
  const [openedAtMs] = useState(() => Date.now());
  const typed = { text: search.text, who: search.who, service: search.service, process: search.process };
  const isSettled = useSettled(JSON.stringify(typed), TYPING_PAUSE_MS) === JSON.stringify(typed);
  const asked = mapQueryOf(search, openedAtMs);
  const [lastAsked, setLastAsked] = useState(asked);
  const query = isSettled ? asked : lastAsked;
  if (isSettled && JSON.stringify(asked) !== JSON.stringify(lastAsked)) setLastAsked(asked);
  useEffect(() => void loadMapCanvas(), []);
  const map = useQuery({ ...api.flows.map.queryOptions({ input: query }), placeholderData: (previous) => previous });
  // A filter that the backend refuses takes nothing away: the picture before stays, with the filters beside it.
  const [view, setView] = useState<MapView | null>(null);
  if (map.data !== undefined && map.data !== view) setView(map.data);
  if (view !== null) return <MapPage view={view} query={query} search={search} change={change} failure={map.error} />;
  return (
    <div className="page">
      <PageHead title="Map" />
      {map.error === null ? (
        <LoadingState what="the map" />
      ) : (
        <div className="state-block">
          <ErrorNote error={map.error} />
          <RestoreLink error={map.error} />
          <Button onPress={() => void map.refetch()}>Try again</Button>
          {countFilters(search) === 0 ? null : <Button onPress={() => change({ who: undefined, service: undefined, process: undefined, verdicts: undefined })}>Clear the filters</Button>}
        </div>
      )}
    </div>
  );
}
