import { z } from 'zod';
import { FEW, findFewFlows } from './flow-few.ts';
import { type FlowFilter, flowWhere, type Where } from './flow-query.ts';
import { importedWhere } from './imported-flow-query.ts';
import type { ReadDb } from './sql.ts';

/** In what order flows are listed: each is the order of an index, so that a page costs the same wherever it lies. */
export type FlowOrder = 'newest' | 'oldest' | 'busiest';

/** A place in an order: the value that it goes by (epoch ms, or connections), and the id among equals. */
export type FlowPlace = { readonly value: number; readonly id: number };
const Place = z.object({ value: z.number(), id: z.number() });

/** `places` in order; `scannedTo` is how far was looked, null to the end. */
export type FlowSlice = { readonly places: readonly FlowPlace[]; readonly scannedTo: FlowPlace | null };

/** One list of flows to be read in slices, of which each looks at a bounded number of rows. */
export type FlowScan = { slice(after: FlowPlace | null, limit: number): FlowSlice; count(after: FlowPlace | null, limit: number): { readonly count: number; readonly scannedTo: FlowPlace | null } };

/** So many rows are tested before others get their turn: some 20 to 60 ms. `few`: up to so many candidates are sorted. */
export type ScanBounds = { readonly rowsASlice: number; readonly few: number };
const BOUNDS: ScanBounds = { rowsASlice: 20_000, few: FEW };

type Walk = { readonly table: string; readonly index: string; readonly column: string; readonly isDescending: boolean; readonly fixed: Where; readonly rest: Where; readonly rowsASlice: number };

/** What agents recorded. Rows that a part of the filter makes few are taken by that part's index and sorted; all others by walking the order's own index. */
export function scanStoredFlows(db: ReadDb, filter: FlowFilter, order: FlowOrder, bounds = BOUNDS): FlowScan {
  const [few, rest] = [findFewFlows(db, filter, bounds.few), flowWhere(filter)];
  if (few !== undefined) return scanFew(db, { few, rest, ...orderOf(order) });
  const [verdict] = filter.verdict ?? [];
  const isOneVerdict = filter.verdict?.length === 1 && verdict !== undefined && order !== 'busiest';
  const fixed = isOneVerdict ? { sql: 'verdict = :walkVerdict', params: { walkVerdict: verdict } } : { sql: '1', params: {} };
  const index = isOneVerdict ? 'flows_by_verdict' : order === 'busiest' ? 'flows_by_connections' : 'flows_by_last_seen';
  return scanWalk(db, filter, { table: 'flows', index, ...orderOf(order), fixed, rest, rowsASlice: bounds.rowsASlice });
}

/** What was imported, by walking the order's index. */
export const scanImportedFlows = (db: ReadDb, filter: FlowFilter, order: FlowOrder): FlowScan =>
  scanWalk(db, filter, { table: 'imported_flows', index: order === 'busiest' ? 'imported_flows_by_connections' : 'imported_flows_by_last_seen', ...orderOf(order), fixed: { sql: '1', params: {} }, rest: importedWhere(filter), rowsASlice: BOUNDS.rowsASlice });

const orderOf = (order: FlowOrder) => ({ column: order === 'busiest' ? 'connections' : 'last_seen_at_ms', isDescending: order !== 'oldest' });
const and = ({ sql }: Where): string => (sql === '' ? '' : `AND ${sql.replace(/^WHERE /, '')}`);

/** The rows behind a place, in the order's direction. The first half of the condition is what the index is entered by. */
function behind(column: string, isDescending: boolean, name: string): string {
  const sign = isDescending ? '<' : '>';
  return `(${column} ${sign}= :${name}Value AND (${column} ${sign} :${name}Value OR id ${sign} :${name}Id))`;
}

const START = { descending: { value: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER }, ascending: { value: -1, id: -1 } };

function scanWalk(db: ReadDb, filter: FlowFilter, walk: Walk): FlowScan {
  const { table, index, column, isDescending, fixed, rest, rowsASlice } = walk;
  const order = `ORDER BY ${column} ${isDescending ? 'DESC' : 'ASC'}, id ${isDescending ? 'DESC' : 'ASC'}`;
  const from = `FROM ${table} INDEXED BY ${index} WHERE ${fixed.sql} AND ${behind(column, isDescending, 'after')}`;
  const bound = column === 'last_seen_at_ms' && filter.sinceMs !== null ? 'AND last_seen_at_ms >= :boundMs' : '';
  const paramsOf = (after: FlowPlace | null) => {
    const place = after ?? (isDescending ? START.descending : START.ascending);
    return { ...fixed.params, ...(bound === '' ? {} : { boundMs: filter.sinceMs }), afterValue: place.value, afterId: place.id };
  };
  /** The last place that a slice looks at; null: the slice reaches the end. */
  const endOf = (after: FlowPlace | null): FlowPlace | null => {
    const row = db.one(`SELECT ${column} AS value, id ${from} ${bound} ${order} LIMIT 1 OFFSET ${rowsASlice - 1}`, paramsOf(after));
    return row === undefined ? null : Place.parse(row);
  };
  const within = (after: FlowPlace | null, end: FlowPlace | null) => ({
    sql: `${end === null ? '' : `AND NOT ${behind(column, isDescending, 'end')} AND ${column} ${isDescending ? '>=' : '<='} :endValue`} ${bound} ${and(rest)}`,
    params: { ...rest.params, ...paramsOf(after), ...(end === null ? {} : { endValue: end.value, endId: end.id }) },
  });
  return {
    slice: (after, limit) => {
      const end = endOf(after);
      const { sql, params } = within(after, end);
      const places = db.all(`SELECT ${column} AS value, id ${from} ${sql} ${order} LIMIT :limit`, { ...params, limit }).map((row) => Place.parse(row));
      return { places, scannedTo: places.length === limit ? (places.at(-1) ?? end) : end };
    },
    count: (after, limit) => {
      const end = endOf(after);
      const { sql, params } = within(after, end);
      const { n } = z.object({ n: z.number() }).parse(db.one(`SELECT count(*) AS n FROM (SELECT 1 ${from} ${sql} LIMIT :limit)`, { ...params, limit }));
      return { count: n, scannedTo: end };
    },
  };
}

type FewScan = { readonly few: Where; readonly rest: Where; readonly column: string; readonly isDescending: boolean };

/** All at once: there are few. */
function scanFew(db: ReadDb, { few, rest, column, isDescending }: FewScan): FlowScan {
  const matching = `FROM flows WHERE id IN (${few.sql}) ${and(rest)}`;
  const params = { ...few.params, ...rest.params };
  const direction = isDescending ? 'DESC' : 'ASC';
  return {
    slice: (after, limit) => {
      const place = after ?? (isDescending ? START.descending : START.ascending);
      const sql = `SELECT ${column} AS value, id ${matching} AND ${behind(column, isDescending, 'after')} ORDER BY ${column} ${direction}, id ${direction} LIMIT :limit`;
      const places = db.all(sql, { ...params, afterValue: place.value, afterId: place.id, limit }).map((row) => Place.parse(row));
      return { places, scannedTo: places.length === limit ? (places.at(-1) ?? null) : null };
    },
    count: (_after, limit) => ({ count: z.object({ n: z.number() }).parse(db.one(`SELECT count(*) AS n FROM (SELECT 1 ${matching} LIMIT :limit)`, { ...params, limit })).n, scannedTo: null }),
  };
}
