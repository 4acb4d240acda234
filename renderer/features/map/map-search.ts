import { z } from 'zod';
import { MapLens, MapLevel, type MapQuery, MapVerdict, sinceOfPeriod } from '../../../shared/contract/map-query.ts';

export const PERIODS = [
  { value: '1h', text: 'Last hour', ms: 3_600_000 },
  { value: '24h', text: 'Last 24 hours', ms: 86_400_000 },
  { value: '7d', text: 'Last 7 days', ms: 604_800_000 },
  { value: '30d', text: 'Last 30 days', ms: 2_592_000_000 },
  { value: 'all', text: 'All that is stored', ms: null },
] as const;
const Period = z.enum(['1h', '24h', '7d', '30d', 'all']);
export type Period = z.infer<typeof Period>;

const Ids = z.array(z.string().max(300)).max(500).optional().catch(undefined);
const Typed = z.string().max(300).optional().catch(undefined);

/** How the map is looked at, as it stands in the address: filters, what is open, which view. What is left out is as it starts. */
export const mapSearch = z.object({
  period: Period.optional().catch(undefined),
  level: MapLevel.optional().catch(undefined),
  open: Ids,
  shut: Ids,
  lens: MapLens.optional().catch(undefined),
  verdicts: z.array(MapVerdict).min(1).optional().catch(undefined),
  who: Typed,
  service: Typed,
  process: Typed,
  text: Typed,
  unfolded: Ids,
  /** Like edges of one host into a zone as one. */
  bundle: z.enum(['yes', 'no']).optional().catch(undefined),
  shape: z.enum(['picture', 'table']).optional().catch(undefined),
});
export type MapSearch = z.infer<typeof mapSearch>;
/** `undefined` takes a part out of the address. */
export type MapSearchChange = { readonly [Key in keyof MapSearch]?: MapSearch[Key] | undefined };

const orNull = (text: string | undefined): string | null => (text === undefined || text.trim() === '' ? null : text.trim());

/** The view is part of the query only where it decides what is shown: turning from live to draft asks for nothing. */
export function mapQueryOf(search: MapSearch, openedAtMs: number): MapQuery {
  const periodMs = PERIODS.find(({ value }) => value === (search.period ?? '7d'))?.ms ?? null;
  return {
    sinceMs: periodMs === null ? null : sinceOfPeriod(periodMs, openedAtMs),
    level: search.level ?? null,
    open: search.open ?? [],
    shut: search.shut ?? [],
    lens: search.verdicts === undefined ? 'live' : (search.lens ?? 'live'),
    verdicts: search.verdicts ?? null,
    who: orNull(search.who),
    service: orNull(search.service),
    process: orNull(search.process),
    text: orNull(search.text),
    foldHubs: true,
    unfolded: search.unfolded ?? [],
  };
}

/** How many filters are set beside the text and the period. */
export const countFilters = ({ who, service, process, verdicts }: MapSearch): number => [who, service, process, verdicts].filter((field) => field !== undefined && field.length > 0).length;

/** Opens a group of the map or shuts it, by the least that has to be said beside the level. */
export function opened(search: MapSearch, ids: readonly string[]): MapSearchChange {
  const shut = (search.shut ?? []).filter((id) => !ids.includes(id));
  return { shut: listOrNone(shut), open: listOrNone([...new Set([...(search.open ?? []), ...ids])]) };
}

export function shutAgain(search: MapSearch, id: string): MapSearchChange {
  const open = search.open ?? [];
  if (open.includes(id)) return { open: listOrNone(open.filter((each) => each !== id)) };
  return { shut: listOrNone([...new Set([...(search.shut ?? []), id])]) };
}

const listOrNone = (ids: readonly string[]): string[] | undefined => (ids.length === 0 ? undefined : [...ids]);

/** The hubs whose lines are drawn, once one more is or is no longer. */
export const unfoldedAfter = (search: MapSearch, hub: string, isUnfolded: boolean): string[] | undefined =>
  listOrNone([...(search.unfolded ?? []).filter((id) => id !== hub), ...(isUnfolded ? [hub] : [])]);
