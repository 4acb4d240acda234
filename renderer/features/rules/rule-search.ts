import { z } from 'zod';
import type { Rule } from '../../../shared/model/policy.ts';
import { RULE_CELLS } from './rule-cells.ts';

/** The filter of the rules screen, and the panel that is open beside the list, as they stand in the address: a view can be linked to, gone back to and loaded again. */
export const ruleSearch = z.object({
  text: z.string().optional().catch(undefined),
  panel: z.enum(['findings', 'suggestions']).optional().catch(undefined),
});
export type RuleSearch = z.infer<typeof ruleSearch>;

/** The rules that contain the text in any of their fields, whatever its case; all of them, as the same list, where there is none. */
export function filterRules(rules: readonly Rule[], { text = '' }: RuleSearch): readonly Rule[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return rules;
  return rules.filter((rule) => [rule.id, rule.ticket, ...RULE_CELLS.map((cell) => cell.textOf(rule))].some((field) => field.toLowerCase().includes(wanted)));
}

/** What is set, and nothing else: an empty filter leaves no trace in the address. */
export const setRuleSearch = (now: RuleSearch, fields: Partial<RuleSearch>): RuleSearch =>
  ruleSearch.parse(Object.fromEntries(Object.entries({ ...now, ...fields }).filter(([, value]) => value !== undefined && value !== '')));
