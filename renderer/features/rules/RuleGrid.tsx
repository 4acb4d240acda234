import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import type { Rule } from '../../../shared/model/policy.ts';
import { Check } from '../../ui/Check.tsx';
import { ROW_HEIGHTS_PX, useLook } from '../../ui/look.ts';
import type { MenuAction } from '../../ui/Menu.tsx';
import { useIsWide } from '../../ui/use-is-wide.ts';
import type { Words } from './completions.ts';
import { keyOfLine, toLines } from './grid-lines.ts';
import { GroupLine } from './GroupLine.tsx';
import { RULE_CELLS } from './rule-cells.ts';
import { COLUMN_COUNT, columnsFor, type RuleColumns } from './rule-grid-columns.ts';
import type { RuleGroup } from './rule-groups.ts';
import type { RuleRemark } from './rule-marks.ts';
import { RuleLine } from './RuleLine.tsx';
import type { RuleUse } from './rule-use.ts';
import { useRuleGrid } from './use-rule-grid.ts';

export type RuleSelection = { readonly chosen: ReadonlySet<string>; readonly toggle: (id: string) => void; readonly chooseAll: (isChosen: boolean) => void };
type Props = {
  /** All of them, whatever the filter leaves: columns do not jump while one types. */
  readonly rules: readonly Rule[];
  readonly groups: readonly RuleGroup[];
  readonly words: Words;
  readonly remarks: ReadonlyMap<string, readonly RuleRemark[]>;
  /** Null until it is known. */
  readonly use: ReadonlyMap<string, RuleUse> | null;
  readonly selection: RuleSelection;
  readonly actionsOf: (rule: Rule) => readonly MenuAction[];
  readonly onRemark: () => void;
  readonly empty: ReactNode;
};

/** The rules by what they protect, each cell edited where it stands. Only the rows in sight are drawn. */
export function RuleGrid({ rules, groups, words, remarks, use, selection, actionsOf, onRemark, empty }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = useLook((look) => ROW_HEIGHTS_PX[look.density]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const lines = toLines(groups, closed);
  const isWide = useIsWide();
  const columns = useMemo(() => columnsFor(rules, isWide), [rules, isWide]);
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => rowPx, overscan: 10, scrollPaddingStart: rowPx });
  const grid = useRuleGrid({ scroller, virtual, lines, onChoose: selection.toggle });
  const flip = (key: string) => setClosed((keys) => new Set(keys.has(key) ? [...keys].filter((each) => each !== key) : [...keys, key]));
  const shown = groups.flatMap((group) => group.rules);
  return (
    <div className="grid-table rule-grid" role="grid" aria-label="Rules" aria-rowcount={lines.length + 1} aria-colcount={COLUMN_COUNT} aria-multiselectable ref={scroller} onKeyDown={grid.onKeyDown}>
      <div role="rowgroup">
        <HeadLine shown={shown} selection={selection} columns={columns} />
      </div>
      <div className="grid-body" role="rowgroup" style={{ height: virtual.getTotalSize(), minWidth: columns.minWidthPx }}>
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          const place = { rowIndex: item.index + 2, topPx: item.start };
          if (line.kind === 'group') return <GroupLine key={keyOfLine(line)} group={line.group} isOpen={line.isOpen} onFlip={() => flip(line.group.key)} minWidthPx={columns.minWidthPx} {...place} />;
          const { rule } = line;
          return (
            <RuleLine
              key={rule.id}
              rule={rule}
              columns={columns}
              grid={grid}
              words={words}
              remarks={remarks.get(rule.id) ?? []}
              use={use === null ? null : (use.get(rule.id) ?? 'none')}
              isChosen={selection.chosen.has(rule.id)}
              onChoose={() => selection.toggle(rule.id)}
              actions={actionsOf(rule)}
              onRemark={onRemark}
              {...place}
            />
          );
        })}
      </div>
      {lines.length === 0 ? empty : null}
    </div>
  );
}

type HeadProps = { readonly shown: readonly Rule[]; readonly selection: RuleSelection; readonly columns: RuleColumns };

function HeadLine({ shown, selection, columns }: HeadProps) {
  const count = shown.filter((rule) => selection.chosen.has(rule.id)).length;
  const isAll = count > 0 && count === shown.length;
  return (
    <div className="grid-row grid-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: columns.template, minWidth: columns.minWidthPx }}>
      <div role="columnheader" className="grid-cell">
        <Check label="Select all rules shown" isSelected={isAll} isIndeterminate={count > 0 && !isAll} onChange={selection.chooseAll} />
      </div>
      <div role="columnheader" className="grid-cell">
        <span className="visually-hidden">Remarks</span>
      </div>
      {RULE_CELLS.map(({ field, header, icon: Icon }) => (
        <div key={field} role="columnheader" className="grid-cell" title={columns.narrow.has(field) ? header : undefined}>
          {Icon !== null && columns.narrow.has(field) ? (
            <>
              <Icon size={14} aria-hidden />
              <span className="visually-hidden">{header}</span>
            </>
          ) : (
            header
          )}
        </div>
      ))}
      <div role="columnheader" className="grid-cell end" title="Connections of the last 30 days that this rule of the draft decides">
        Used 30 d
      </div>
      <div role="columnheader" className="grid-cell">
        <span className="visually-hidden">Actions</span>
      </div>
    </div>
  );
}
