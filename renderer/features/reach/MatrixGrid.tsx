import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { MatrixCell, MatrixEnd } from '../../../shared/contract/reach-views.ts';
import { MODE_WORDS } from '../../ui/ModeBadge.tsx';
import { CellGlyph } from './CellGlyph.tsx';
import { isChanged, lookOfCell } from './cell-look.ts';
import type { MatrixLayer } from './reach-search.ts';

type GridProps = {
  readonly ends: readonly MatrixEnd[];
  readonly cells: readonly MatrixCell[];
  readonly layer: MatrixLayer;
  readonly chosen: { readonly from?: string | undefined; readonly to?: string | undefined };
  readonly onChoose: (from: string, to: string) => void;
};

/** With few columns there is room for heads that are read without turning one's own. */
const widthOf = (columns: number): string => (columns <= 7 ? 'few' : columns <= 12 ? 'some' : '');

const STEPS: Record<string, readonly [rows: number, columns: number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Rows reach columns. One cell is in the tab order; arrow keys, Home and End go to the others. Heads stay where they are while it scrolls. */
export function MatrixGrid({ ends, cells, layer, chosen, onChoose }: GridProps) {
  const byKey = useMemo(() => new Map(cells.map((cell) => [`${cell.from} ${cell.to}`, cell])), [cells]);
  const [at, setAt] = useState<readonly [row: number, column: number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const last = ends.length - 1;
  const goTo = (row: number, column: number) => {
    setAt([row, column]);
    const cell = table.current?.querySelector(`[data-cell="${row} ${column}"]`);
    if (cell instanceof HTMLElement) cell.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined && event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    const [row, column] = at;
    if (step === undefined) goTo(row, event.key === 'Home' ? 0 : last);
    else goTo(Math.min(last, Math.max(0, row + step[0])), Math.min(last, Math.max(0, column + step[1])));
  };
  const [row, column] = [Math.min(at[0], last), Math.min(at[1], last)];
  return (
    <div className="matrix-scroll">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are walked by arrow keys is a grid (ARIA in HTML allows the role on a table) */}
      <table className={`matrix ${widthOf(ends.length)}`} role="grid" aria-label="Zones by zones" ref={table} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col" className="corner">
              From ↓ to →
            </th>
            {ends.map((end) => (
              <th key={end.key} scope="col" className={`column-head ${end.kind}`}>
                <span title={describeEnd(end)}>{end.name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ends.map((from, i) => (
            <tr key={from.key}>
              <th scope="row" className={`row-head ${from.kind}`} title={describeEnd(from)}>
                <span className="truncate">{from.name}</span>
                <span className="muted number">{from.kind === 'outside' ? '' : from.hosts}</span>
              </th>
              {ends.map((to, j) => {
                const cell = byKey.get(`${from.key} ${to.key}`);
                if (cell === undefined) return <td key={to.key} />;
                return (
                  <Cell
                    key={to.key}
                    cell={cell}
                    names={`${from.name} to ${to.name}`}
                    place={`${i} ${j}`}
                    layer={layer}
                    isStop={i === row && j === column}
                    isChosen={chosen.from === from.key && chosen.to === to.key}
                    onOpen={() => {
                      setAt([i, j]);
                      onChoose(from.key, to.key);
                    }}
                  />
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function describeEnd({ kind, name, hosts, mode, draftMode }: MatrixEnd): string {
  if (kind === 'any') return `Any: everybody together, ${hosts} hosts and everybody outside`;
  if (kind === 'outside') return 'Outside: addresses of nobody in the inventory, and the networks and IP lists of rules';
  const runs = mode === null ? 'its hosts run nothing of ours, or not all the same' : `its hosts run ${MODE_WORDS[mode].toLowerCase()}`;
  return `${name}: ${hosts} ${hosts === 1 ? 'host' : 'hosts'}; ${runs}${draftMode === null ? '' : `; ${MODE_WORDS[draftMode].toLowerCase()} in the draft`}`;
}

type CellProps = { readonly cell: MatrixCell; readonly names: string; readonly place: string; readonly layer: MatrixLayer; readonly isStop: boolean; readonly isChosen: boolean; readonly onOpen: () => void };

function Cell({ cell, names, place, layer, isStop, isChosen, onOpen }: CellProps) {
  const look = lookOfCell(cell, layer);
  const isNews = layer === 'draft' && isChanged(cell);
  const words = `${names}: ${look.words}${isNews ? '; unlike what hosts run now' : ''}`;
  // Who speaks to the window says what is to be read in the cell.
  const spoken = look.text === '' ? words : `${words}; shown as ${look.text}`;
  return (
    <td className={`${look.meaning} ${look.form} ${isChosen ? 'chosen' : ''} ${isNews ? 'changed' : ''}`}>
      <button type="button" data-cell={place} tabIndex={isStop ? 0 : -1} aria-label={spoken} title={words} onClick={onOpen}>
        <CellGlyph look={look} />
      </button>
    </td>
  );
}
