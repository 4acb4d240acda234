import type { Rule } from '../../../shared/model/policy.ts';
import type { RuleGroup } from './rule-groups.ts';

/** A line of the grid: the head of a group, or one of its rules. */
export type GridLine = { readonly kind: 'group'; readonly group: RuleGroup; readonly isOpen: boolean } | { readonly kind: 'rule'; readonly rule: Rule };

/** Groups in their order, each followed by its rules unless it is closed. */
export const toLines = (groups: readonly RuleGroup[], closed: ReadonlySet<string>): GridLine[] =>
  groups.flatMap((group): GridLine[] => {
    const isOpen = !closed.has(group.key);
    return [{ kind: 'group', group, isOpen }, ...(isOpen ? group.rules.map((rule): GridLine => ({ kind: 'rule', rule })) : [])];
  });

export const keyOfLine = (line: GridLine): string => (line.kind === 'group' ? line.group.key : line.rule.id);
