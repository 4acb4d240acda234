import type { MapView } from '../../../shared/contract/views.ts';
import type { MapSearch, MapSearchChange } from './map-search.ts';

/** What every part of the filter bar gets: the map as it is, how it was asked for, and the way to ask otherwise. */
export type FilterProps = { readonly view: MapView; readonly search: MapSearch; readonly change: (fields: MapSearchChange) => void };
