import type { FlowCursor, FlowPageQuery } from '../../shared/contract/flow-pages.ts';
import type { FlowRow } from '../../shared/contract/views.ts';
import { type FlowOrder, type FlowPlace, type FlowScan, scanImportedFlows, scanStoredFlows } from '../db/flow-page.ts';
import { type FlowFilter, readStoredFlows } from '../db/flow-query.ts';
import { hasFlowSources } from '../db/flow-source-store.ts';
import { readImportedFlows } from '../db/imported-flow-query.ts';
import type { ReadDb } from '../db/sql.ts';
import type { ListedFlow, RowReader } from './listed-flows.ts';

export type Position = FlowCursor['recorded'];
/** One of the two lists of flows as far as it was read. */
export type Feed = { readonly scan: FlowScan; readonly read: (ids: readonly number[]) => Map<number, ListedFlow>; waiting: { place: FlowPlace; flow: ListedFlow }[]; taken: Position; scanned: Position };

/** What agents recorded and what was imported, to be read in slices of a bounded number of rows. */
export function openFeeds(db: ReadDb, filter: FlowFilter, { order, cursor }: Pick<FlowPageQuery, 'order' | 'cursor'>): Feed[] {
  const { recorded, imported } = cursor ?? { recorded: 'start', imported: 'start' };
  return [
    { scan: scanStoredFlows(db, filter, order), waiting: [], taken: recorded, scanned: recorded, read: (ids) => new Map(readStoredFlows(db, filter, ids).map((flow) => [flow.id, { recorded: flow, imported: null }])) },
    { scan: scanImportedFlows(db, filter, order), waiting: [], taken: imported, scanned: hasFlowSources(db) ? imported : 'end', read: (ids) => new Map(readImportedFlows(db, filter, ids).map((flow) => [flow.id, { recorded: null, imported: flow }])) },
  ];
}

export const placeOf = (position: Position): FlowPlace | null => (position === 'start' || position === 'end' ? null : position);

/** True once there is nothing left to take and nothing left to read. */
export const isAtEnd = (feeds: readonly Feed[]): boolean => feeds.every((feed) => feed.waiting.length === 0 && feed.scanned === 'end');

/** Reads on where nothing waits to be taken: one slice of each list. */
export function fillFeeds(feeds: readonly Feed[], limit: number): void {
  for (const feed of feeds) if (feed.waiting.length === 0 && feed.scanned !== 'end') fill(feed, limit);
}

function fill(feed: Feed, limit: number): void {
  const { places, scannedTo } = feed.scan.slice(placeOf(feed.scanned), limit);
  feed.taken = feed.scanned;
  feed.scanned = scannedTo ?? 'end';
  const flows = feed.read(places.map(({ id }) => id));
  feed.waiting = places.flatMap((place) => {
    const flow = flows.get(place.id);
    return flow === undefined ? [] : [{ place, flow }];
  });
}

/** Moves rows from both feeds in order, until the page is full or it takes another slice to know which comes next. */
export function takeRows(feeds: readonly Feed[], rows: FlowRow[], toRow: RowReader, { limit, order, draft }: Pick<FlowPageQuery, 'limit' | 'order' | 'draft'>): void {
  const isReady = (feed: Feed) => feed.waiting.length > 0 || feed.scanned === 'end';
  while (rows.length < limit && feeds.every(isReady)) {
    const next = feeds.filter((feed) => feed.waiting.length > 0).toSorted((a, b) => comesBefore(a.waiting[0]?.place, b.waiting[0]?.place, order))[0];
    const taken = next?.waiting.shift();
    if (next === undefined || taken === undefined) return;
    next.taken = taken.place;
    const row = toRow(taken.flow);
    if (draft?.includes(row.draft.kind) !== false) rows.push(row);
  }
}

const comesBefore = (a: FlowPlace | undefined, b: FlowPlace | undefined, order: FlowOrder): number => (order === 'oldest' ? 1 : -1) * ((a?.value ?? 0) - (b?.value ?? 0));

/** How far both lists were read; the end where nothing is left. */
export const positionsOf = (feeds: readonly Feed[]): Position[] => feeds.map((feed) => (feed.waiting.length > 0 ? feed.taken : feed.scanned));

/** The value up to which both lists were looked at; null at the end. Pure. */
export function furthest(positions: readonly Position[], order: FlowOrder): number | null {
  const values = positions.flatMap((position) => placeOf(position)?.value ?? []);
  if (values.length === 0) return null;
  return order === 'oldest' ? Math.min(...values) : Math.max(...values);
}
