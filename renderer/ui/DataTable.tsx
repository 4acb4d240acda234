import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { ROW_HEIGHTS_PX, useLook } from './look.ts';

export type Column<Row> = {
  readonly id: string;
  readonly header: ReactNode;
  readonly minPx: number;
  /** Share of the width that is left over; 0 when not given. */
  readonly grow?: number;
  readonly cell: (row: Row) => ReactNode;
  /** What to order by; a column without it cannot be sorted. */
  readonly sortBy?: (row: Row) => string | number;
  readonly isNumber?: boolean;
  /** How the rows that were given are ordered by this column, where somebody else orders them. */
  readonly ariaSort?: 'ascending' | 'descending' | 'none';
};

type Sort = { readonly id: string; readonly isDescending: boolean } | null;
type DataTableProps<Row> = {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  readonly isChosen?: (row: Row) => boolean;
  /** Shown instead of rows when there are none. */
  readonly empty?: ReactNode;
  /** Told whether the last rows are near enough to be in sight soon, so that more can be read. */
  readonly onNearEnd?: (isNearEnd: boolean) => void;
};

const SIDE_PADDING_PX = 16;
/** Some two screens ahead of what is seen. */
const NEAR_END_ROWS = 60;

function sortRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], sort: Sort): readonly Row[] {
  const by = sort === null ? undefined : columns.find((column) => column.id === sort.id)?.sortBy;
  if (by === undefined || sort === null) return rows;
  const factor = sort.isDescending ? -1 : 1;
  const collator = new Intl.Collator('en', { numeric: true });
  return rows.toSorted((a, b) => {
    const [x, y] = [by(a), by(b)];
    return factor * (typeof x === 'number' && typeof y === 'number' ? x - y : collator.compare(String(x), String(y)));
  });
}

/** A dense table that draws only the rows in sight, so that 10,000 cost what 30 do. Headers sort; the scroller takes the arrow keys. */
export function DataTable<Row>({ label, columns, rows, rowKey, isChosen, empty, onNearEnd }: DataTableProps<Row>) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeightPx = useLook((look) => ROW_HEIGHTS_PX[look.density]);
  const [sort, setSort] = useState<Sort>(null);
  const sorted = sortRows(rows, columns, sort);
  const virtual = useVirtualizer({ count: sorted.length, getScrollElement: () => scroller.current, estimateSize: () => rowHeightPx, overscan: 12 });
  const isNearEnd = (virtual.getVirtualItems().at(-1)?.index ?? -1) >= sorted.length - NEAR_END_ROWS;
  useEffect(() => onNearEnd?.(isNearEnd), [onNearEnd, isNearEnd]);
  const gridTemplateColumns = columns.map(({ minPx, grow = 0 }) => (grow === 0 ? `${minPx}px` : `minmax(${minPx}px, ${grow}fr)`)).join(' ');
  // One width for all rows, or each would make its own columns.
  const minWidth = columns.reduce((sum, column) => sum + column.minPx, 2 * SIDE_PADDING_PX);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable)
    <div className="grid-table" role="table" aria-label={label} aria-rowcount={sorted.length + 1} ref={scroller} tabIndex={0}>
      <div role="rowgroup">
        <div className="grid-row grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns, minWidth }}>
          {columns.map((column) => (
            <HeadCell key={column.id} column={column} sort={sort} onSort={setSort} />
          ))}
        </div>
      </div>
      <div className="grid-body" role="rowgroup" style={{ height: virtual.getTotalSize(), minWidth }}>
        {virtual.getVirtualItems().map((item) => {
          const row = sorted[item.index];
          if (row === undefined) return null;
          return (
            <div
              key={rowKey(row)}
              role="row"
              aria-rowindex={item.index + 2}
              className={`grid-row ${isChosen?.(row) === true ? 'chosen' : ''}`}
              style={{ gridTemplateColumns, transform: `translateY(${item.start}px)` }}
            >
              {columns.map((column) => (
                <div key={column.id} role="cell" className={`grid-cell ${column.isNumber === true ? 'end number' : ''}`}>
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {sorted.length === 0 ? empty : null}
    </div>
  );
}

type HeadCellProps<Row> = { readonly column: Column<Row>; readonly sort: Sort; readonly onSort: (sort: Sort) => void };

function HeadCell<Row>({ column, sort, onSort }: HeadCellProps<Row>) {
  const direction = sort?.id === column.id ? (sort.isDescending ? 'descending' : 'ascending') : 'none';
  const className = `grid-cell ${column.isNumber === true ? 'end' : ''}`;
  if (column.sortBy === undefined) {
    return (
      <div role="columnheader" className={className} {...(column.ariaSort === undefined ? {} : { 'aria-sort': column.ariaSort })}>
        {column.header}
      </div>
    );
  }
  return (
    <div role="columnheader" aria-sort={direction} className={className}>
      <button
        type="button"
        className="sort-button"
        onClick={() => onSort(direction === 'descending' ? null : { id: column.id, isDescending: direction === 'ascending' })}
      >
        {column.header}
        {direction === 'ascending' ? <ArrowUp size={12} aria-hidden /> : null}
        {direction === 'descending' ? <ArrowDown size={12} aria-hidden /> : null}
      </button>
    </div>
  );
}
