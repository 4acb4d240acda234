import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { MapSearch, MapSearchChange } from './map-search.ts';
import { rememberedView, rememberView } from './remembered-view.ts';

/** Typed text replaces the entry of the history; everything else can be gone back from. */
const TYPED: readonly (keyof MapSearch)[] = ['text', 'who', 'service', 'process'];

const withoutUndefined = (search: MapSearch): MapSearch => Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));

/** What the address says, on top of how this window last looked at a map; and the way to change it. */
export function useMapSearch(): { search: MapSearch; change: (fields: MapSearchChange) => void } {
  const inAddress = useSearch({ from: '/map' });
  const navigate = useNavigate({ from: '/map' });
  const change = useCallback(
    (fields: MapSearchChange) => {
      const isTyped = Object.keys(fields).every((key) => TYPED.some((typed) => typed === key));
      void navigate({
        search: (current) => {
          const next = { ...current, ...fields };
          rememberView({ ...rememberedView(), ...withoutUndefined(next) });
          return next;
        },
        replace: isTyped,
      });
    },
    [navigate],
  );
  return { search: { ...rememberedView(), ...withoutUndefined(inAddress) }, change };
}
