import type { Rule } from '../../../shared/model/policy.ts';
import { Check } from '../../ui/Check.tsx';
import { type MenuAction, RowMenu } from '../../ui/Menu.tsx';
import { CellEditor } from './CellEditor.tsx';
import { CellText } from './CellText.tsx';
import type { Words } from './completions.ts';
import { RemarkMark } from './RemarkMark.tsx';
import { RULE_CELLS } from './rule-cells.ts';
import type { RuleColumns } from './rule-grid-columns.ts';
import type { RuleRemark } from './rule-marks.ts';
import type { RuleUse } from './rule-use.ts';
import { UsedCell } from './UsedCell.tsx';
import type { RuleGridState } from './use-rule-grid.ts';

type Props = {
  readonly rule: Rule;
  readonly columns: RuleColumns;
  readonly grid: RuleGridState;
  readonly words: Words;
  readonly remarks: readonly RuleRemark[];
  /** Null: not known yet; `none`: nothing that was seen is decided by it. */
  readonly use: RuleUse | 'none' | null;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly actions: readonly MenuAction[];
  readonly onRemark: () => void;
  readonly rowIndex: number;
  readonly topPx: number;
};

/** One rule. Its first cell says for screen readers when the rule is disabled; for eyes it is greyed and struck through. */
export function RuleLine({ rule, columns, grid, words, remarks, use, isChosen, onChoose, actions, onRemark, rowIndex, topPx }: Props) {
  const isOff = rule.disabled === true;
  return (
    <div
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={isChosen}
      className={`grid-row ${isChosen ? 'chosen' : ''} ${isOff ? 'off' : ''}`}
      style={{ gridTemplateColumns: columns.template, minWidth: columns.minWidthPx, transform: `translateY(${topPx}px)` }}
    >
      <div role="gridcell" className="grid-cell">
        <Check label={`Select rule ${rule.id}`} isSelected={isChosen} onChange={onChoose} />
      </div>
      <div role="gridcell" className="grid-cell">
        <RemarkMark remarks={remarks} onOpen={onRemark} />
      </div>
      {RULE_CELLS.map((cell, column) => {
        const at = { id: rule.id, column };
        const isActive = grid.active?.id === rule.id && grid.active.column === column;
        const isEdited = isActive && grid.isEditing;
        return (
          <div
            key={cell.field}
            role="gridcell"
            tabIndex={isActive && !grid.isEditing ? 0 : -1}
            data-cell={`${rule.id}:${column}`}
            aria-colindex={column + 3}
            className={`grid-cell edit-cell ${isEdited ? 'edited' : ''}`}
            onFocus={(event) => event.target === event.currentTarget && !isActive && grid.focusCell(at)}
            onDoubleClick={() => isEdited || grid.edit(at)}
          >
            {isEdited ? <CellEditor cell={cell} rule={rule} words={words} onExit={grid.exit} /> : <CellText cell={cell} rule={rule} today={words.today} isNarrow={columns.narrow.has(cell.field)} />}
            {column === 0 && isOff ? <span className="visually-hidden">, disabled</span> : null}
          </div>
        );
      })}
      <div role="gridcell" className="grid-cell end number">
        <UsedCell use={use} />
      </div>
      <div role="gridcell" className="grid-cell">
        <RowMenu label={`Actions for rule ${rule.id}`} actions={actions} />
      </div>
    </div>
  );
}
