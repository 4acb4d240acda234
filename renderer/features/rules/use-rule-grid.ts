import type { Virtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { type GridLine, keyOfLine } from './grid-lines.ts';
import { type CellExit, type GridCell, moveBy, stepBy } from './grid-position.ts';
import { RULE_CELLS } from './rule-cells.ts';

const PAGE_ROWS = 15;
const COLUMNS = RULE_CELLS.length;

export type RuleGridState = {
  /** The cell that Tab reaches; null while there is no rule. */
  readonly active: GridCell | null;
  readonly isEditing: boolean;
  readonly focusCell: (cell: GridCell) => void;
  readonly edit: (cell: GridCell) => void;
  readonly exit: (exit: CellExit) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
};

type Options = { readonly scroller: RefObject<HTMLElement | null>; readonly virtual: Virtualizer<HTMLDivElement, Element>; readonly lines: readonly GridLine[]; readonly onChoose: (id: string) => void };

/** Which cell is active and whether it is edited. Arrows move, Enter and F2 edit, Space selects the rule; the cell is scrolled into sight before it gets the focus. */
export function useRuleGrid({ scroller, virtual, lines, onChoose }: Options): RuleGridState {
  const [wanted, setWanted] = useState<GridCell | null>(null);
  const [isEditing, setEditing] = useState(false);
  const moved = useRef(false);
  const ids = lines.flatMap((line) => (line.kind === 'rule' ? [line.rule.id] : []));
  const [first] = ids;
  const known = wanted !== null && ids.some((id) => id === wanted.id) ? wanted : null;
  const active = known ?? (first === undefined ? null : { id: first, column: 0 });
  const goTo = (cell: GridCell, isEdited: boolean) => {
    moved.current = !isEdited;
    setWanted(cell);
    setEditing(isEdited);
    virtual.scrollToIndex(lines.findIndex((line) => keyOfLine(line) === cell.id));
  };
  // After every drawing: the row may only now have come into sight.
  useEffect(() => {
    if (!moved.current || active === null || isEditing) return;
    const cell = scroller.current?.querySelector(`[data-cell="${active.id}:${active.column}"]`);
    if (!(cell instanceof HTMLElement)) return;
    moved.current = false;
    cell.focus({ preventScroll: true });
  });
  const exit = (where: CellExit) => {
    if (active === null) return;
    const next = where === 'stay' ? null : stepBy(where === 'next' ? 1 : -1, active, ids, COLUMNS);
    if (next === null) goTo(active, false);
    else goTo(next, true);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (active === null || isEditing || !(event.target instanceof HTMLElement) || event.target.dataset.cell === undefined) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = moveBy(event.key, active, ids, COLUMNS, PAGE_ROWS);
    if (to !== null) goTo(to, false);
    else if (event.key === 'Enter' || event.key === 'F2') goTo(active, true);
    else if (event.key === ' ') onChoose(active.id);
    else return;
    event.preventDefault();
  };
  return { active, isEditing, focusCell: setWanted, edit: (cell) => goTo(cell, true), exit, onKeyDown };
}
