import type { Rule } from '../../../shared/model/policy.ts';
import { RULE_CELLS, type RuleCell } from './rule-cells.ts';

/** Choice and remarks before the fields, use and menu after them. */
const FIXED = { choose: 28, remark: 30, used: 66, menu: 34 } as const;
const SIDES_PX = 16;
/** Of a column in which no rule says anything: a sign in its head, and room to edit over what is beside it. */
const NARROW_PX = 38;
/** Of the room that is left in a window that is not wide, who talks to whom gets so much more than in one that is. */
const PEERS_FIRST = 3;

export const COLUMN_COUNT = RULE_CELLS.length + Object.keys(FIXED).length;

/** One template for all rows, or each would make its own columns. */
export type RuleColumns = { readonly template: string; readonly minWidthPx: number; readonly narrow: ReadonlySet<RuleCell['field']> };

/** Columns for these rules. In a window that `isWide` all have words in their heads; else those without a word in them give their room to who talks to whom. */
export function columnsFor(rules: readonly Rule[], isWide: boolean): RuleColumns {
  const isNarrow = (cell: RuleCell) => !isWide && cell.icon !== null && rules.every((rule) => cell.textOf(rule) === '');
  const narrow = new Set(RULE_CELLS.filter(isNarrow).map(({ field }) => field));
  const minPxOf = ({ field, minPx }: RuleCell) => (narrow.has(field) ? NARROW_PX : minPx);
  const growOf = ({ field, grow }: RuleCell) => (!isWide && (field === 'from' || field === 'to') ? grow * PEERS_FIRST : grow);
  const cells = RULE_CELLS.map((cell) => (cell.grow === 0 || narrow.has(cell.field) ? `${minPxOf(cell)}px` : `minmax(${cell.minPx}px, ${growOf(cell)}fr)`));
  return {
    template: [`${FIXED.choose}px`, `${FIXED.remark}px`, ...cells, `${FIXED.used}px`, `${FIXED.menu}px`].join(' '),
    minWidthPx: RULE_CELLS.reduce((sum, cell) => sum + minPxOf(cell), SIDES_PX) + FIXED.choose + FIXED.remark + FIXED.used + FIXED.menu,
    narrow,
  };
}
