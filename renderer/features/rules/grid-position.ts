/** A cell of the grid: which rule, and the place of its column among the editable ones. */
export type GridCell = { readonly id: string; readonly column: number };

/** Where to go when an editor closes: back to its cell, or on to the editor of a neighbour. */
export type CellExit = 'stay' | 'next' | 'previous';

/** Where a key leads from a cell, over the rules that are shown in their order; the cell itself at an edge. Null: the key moves nothing. */
export function moveBy(key: string, { id, column }: GridCell, ids: readonly string[], columns: number, pageRows: number): GridCell | null {
  const row = ids.indexOf(id);
  const at = (toRow: number, toColumn: number): GridCell => ({
    id: ids[Math.min(Math.max(toRow, 0), ids.length - 1)] ?? id,
    column: Math.min(Math.max(toColumn, 0), columns - 1),
  });
  switch (key) {
    case 'ArrowUp':
      return at(row - 1, column);
    case 'ArrowDown':
      return at(row + 1, column);
    case 'ArrowLeft':
      return at(row, column - 1);
    case 'ArrowRight':
      return at(row, column + 1);
    case 'Home':
      return at(row, 0);
    case 'End':
      return at(row, columns - 1);
    case 'PageUp':
      return at(row - pageRows, column);
    case 'PageDown':
      return at(row + pageRows, column);
    default:
      return null;
  }
}

/** The cell before or after in reading order, for Tab within an editor; null beyond the first or the last. */
export function stepBy(step: 1 | -1, { id, column }: GridCell, ids: readonly string[], columns: number): GridCell | null {
  const next = ids.indexOf(id) * columns + column + step;
  const to = ids[Math.floor(next / columns)];
  return next < 0 || to === undefined ? null : { id: to, column: next % columns };
}
