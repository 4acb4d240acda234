import type { MapQuery } from '../../../shared/contract/map-query.ts';
import type { MapView } from '../../../shared/contract/views.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { Note } from '../../ui/Note.tsx';

const LEVEL_WORDS = { zone: 'zones', app: 'apps', role: 'roles', host: 'hosts' } as const;

/** What the picture cannot show, in words. */
export function MapNotes({ view, query }: { readonly view: MapView; readonly query: MapQuery }) {
  const lost = view.lost.map((host) => `${host.hostName} (${countText(host.packets, 'packet')} not recorded)`).join(', ');
  const isCoarser = query.level !== null && query.level !== view.level;
  return (
    <>
      {isCoarser ? (
        <Note kind="plain" title={`All ${LEVEL_WORDS[query.level ?? view.level]} at once are too many to be read; shown by ${LEVEL_WORDS[view.level]}. Open a part of it by pressing it twice, or filter.`} />
      ) : null}
      {lost === '' ? null : <Note kind="warning" title={`The map is incomplete: recording was full on ${lost}.`} />}
    </>
  );
}
