import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ComboBox, Input, ListBox, ListBoxItem, Popover } from 'react-aria-components';
import type { MapPlace } from '../../../shared/contract/map-query.ts';
import { api } from '../../api/client.ts';
import { useSettled } from '../../ui/use-settled.ts';

const TYPING_PAUSE_MS = 120;

/** Finds a host, zone or IP list by name or address. Key `f` goes there. */
export function FindBox({ onFound }: { readonly onFound: (place: MapPlace) => void }) {
  const [text, setText] = useState('');
  const asked = useSettled(text, TYPING_PAUSE_MS);
  const found = useQuery({ ...api.flows.mapFind.queryOptions({ input: { text: asked } }), enabled: asked.trim() !== '', placeholderData: (previous) => previous });
  const places = text.trim() === '' ? [] : (found.data ?? []);
  return (
    <ComboBox
      className="find-box"
      aria-label="Find on the map"
      items={places}
      inputValue={text}
      onInputChange={setText}
      allowsEmptyCollection={text.trim() !== ''}
      menuTrigger="input"
      value={null}
      onChange={(key) => {
        const place = places.find((each) => each.id === key);
        if (place === undefined) return;
        setText('');
        // The keys are the map's again.
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
        onFound(place);
      }}
    >
      <Input className="input" placeholder="Find host, zone, address" data-map-find spellCheck="false" autoComplete="off" />
      <Popover className="popover">
        <ListBox<MapPlace> renderEmptyState={() => <p className="menu-item muted">Nothing has this name or address</p>}>
          {(place) => (
            <ListBoxItem id={place.id} className="menu-item" textValue={place.label}>
              <span className="inert">{place.label}</span> <span className="muted small">{place.detail}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
