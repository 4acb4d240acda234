import type { FlowRow, HostView } from '../../../shared/contract/views.ts';
import type { IpList } from '../../../shared/model/policy.ts';
import { draftFromFlow, peerTextOf, serviceText } from '../../editors/draft-from-flow.ts';
import { EMPTY_RULE_FORM, type NewRule, readRuleForm, type RuleForm } from '../../editors/rule-form.ts';
import { endsOfFlow } from './flow-ends.ts';

/** One rule for the chosen flows between the same two ends; `rule` is null where an end cannot be said as one, with the reason. */
export type FlowDraft = { readonly form: Partial<RuleForm>; readonly from: string; readonly to: string; readonly services: string; readonly flows: number; readonly rule: NewRule | null; readonly problem: string | null };

/** The chosen flows as rules: ends at label level, one rule for each pair of ends with all services that were seen between them. In the order in which pairs first occur. */
export function draftsOfFlows(rows: readonly FlowRow[], hosts: readonly HostView[], ipLists: readonly IpList[]): FlowDraft[] {
  const pairs = Map.groupBy(rows, (row) => {
    const { from, to } = endsOfFlow(row, hosts);
    return JSON.stringify([peerTextOf(from, ipLists) || from.name, peerTextOf(to, ipLists) || to.name]);
  });
  return [...pairs.values()].flatMap((flows) => {
    const [first] = flows;
    if (first === undefined) return [];
    const ends = endsOfFlow(first, hosts);
    const form = draftFromFlow(ends.from, ends.to, flows, ipLists);
    const { rule, errors } = readRuleForm({ ...EMPTY_RULE_FORM, ...form }, null);
    const problem = rule === null ? (errors.from ?? errors.to ?? errors.services ?? errors.other) : null;
    return [{ form, from: form.from || ends.from.name, to: form.to || ends.to.name, services: [...new Set(flows.map(serviceText))].join(', '), flows: flows.length, rule, problem }];
  });
}
