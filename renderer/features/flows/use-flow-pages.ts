import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { FlowCursor, FlowOrder } from '../../../shared/contract/flow-pages.ts';
import type { FlowRow } from '../../../shared/contract/views.ts';
import { queryOfFilters } from '../../../shared/text/flow-filters.ts';
import { api } from '../../api/client.ts';
import { type FlowSearch, filtersOf, flowSearch, orderOf } from './flow-search.ts';

/** The first page is small, so that it is there at once; later ones save turns. */
const FIRST_ROWS = 100;
const MORE_ROWS = 500;
const BEFORE_FIRST: FlowCursor | null = null;

export type FlowPages = ReturnType<typeof useFlowPages>;

/**
 * The rows of a search as far as they were read, and what to do to read on. A page that is on its way when the search changes is cancelled in the backend.
 * A rare filter is answered in parts, with how far was looked; it goes on by itself while `isWanted`, until somebody stops it.
 */
export function useFlowPages(search: FlowSearch, isWanted: boolean) {
  const key = JSON.stringify(filtersOf(search));
  // The window is that of the moment in which it was asked for: a list that moved each minute would lose its place.
  const asked = useMemo(() => queryOfFilters(searchOf(key), Date.now()), [key]);
  const [stoppedKey, setStoppedKey] = useState<string | null>(null);
  const order: FlowOrder = orderOf(search);
  const pages = useInfiniteQuery(
    api.flows.page.infiniteOptions({
      input: (cursor: FlowCursor | null) => ({ ...asked, order, cursor, limit: cursor === null ? FIRST_ROWS : MORE_ROWS }),
      initialPageParam: BEFORE_FIRST,
      getNextPageParam: (last) => last.next ?? undefined,
      placeholderData: keepPreviousData,
    }),
  );
  const count = useQuery({ ...api.flows.count.queryOptions({ input: asked }), placeholderData: keepPreviousData });
  const rows = useMemo<readonly FlowRow[]>(() => pages.data?.pages.flatMap((page) => page.rows) ?? [], [pages.data]);
  const isStopped = stoppedKey === key;
  const { hasNextPage, isFetching, isError, fetchNextPage } = pages;
  useEffect(() => {
    if (isWanted && hasNextPage && !isFetching && !isError && !isStopped) void fetchNextPage();
  }, [isWanted, hasNextPage, isFetching, isError, isStopped, fetchNextPage]);
  return {
    asked,
    rows,
    query: pages,
    count: count.data ?? null,
    order,
    searchedTo: pages.data?.pages.at(-1)?.searchedTo ?? null,
    isSearching: isWanted && hasNextPage && !isStopped && !isError,
    isStopped: isStopped && hasNextPage,
    stop: () => setStoppedKey(key),
    goOn: () => setStoppedKey(null),
  };
}

const searchOf = (key: string): FlowSearch => flowSearch.parse(JSON.parse(key));
