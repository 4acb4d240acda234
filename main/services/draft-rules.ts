import { FirebreakError } from '../../shared/errors.ts';
import type { RuleId } from '../../shared/model/ids.ts';
import type { Policy, Rule } from '../../shared/model/policy.ts';
import { describeAs, describeServedBy } from '../../shared/text/identity-text.ts';
import { printPeer } from '../../shared/text/peer-text.ts';
import { printSchedule } from '../../shared/text/schedule-text.ts';
import { printServiceRef } from '../../shared/text/service-text.ts';
import { listHosts } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkRule } from './check-policy.ts';
import { editDraft } from './draft.ts';

export type NewRule = Omit<Rule, 'id'>;

/** All or none. @throws INPUT_INVALID with the issues of all rules */
export function addRules(ctx: BackendContext, rules: readonly NewRule[]): Rule[] {
  const hosts = hostNames(ctx);
  const detail = rules.map(describeRule).join('; ');
  const made = rules.map((rule): Rule => ({ ...rule, id: ctx.newId.rule() }));
  return editDraft(ctx, { action: 'policy.addRules', subject: made.map((r) => r.id).join(' '), detail }, (policy) => {
    const result = checkAll(made, hosts, policy);
    return { policy: { ...policy, rules: [...policy.rules, ...result] }, result };
  });
}

/** Replaces the rules with the same ids, all or none: one entry in the audit log and one step to undo. @throws NOT_FOUND · INPUT_INVALID with the issues of all rules */
export function updateRules(ctx: BackendContext, rules: readonly Rule[]): Rule[] {
  const hosts = hostNames(ctx);
  const action = rules.length === 1 ? 'policy.updateRule' : 'policy.updateRules';
  return editDraft(ctx, { action, subject: rules.map((r) => r.id).join(' '), detail: rules.map(describeRule).join('; ') }, (policy) => {
    assertRules(
      policy,
      rules.map((r) => r.id),
    );
    const result = checkAll(rules, hosts, policy);
    const byId = new Map(result.map((rule) => [rule.id, rule]));
    return { policy: { ...policy, rules: policy.rules.map((rule) => byId.get(rule.id) ?? rule) }, result };
  });
}

/** All or none. @throws NOT_FOUND */
export function removeRules(ctx: BackendContext, ids: readonly RuleId[]): void {
  const gone = new Set(ids);
  editDraft(ctx, { action: ids.length === 1 ? 'policy.removeRule' : 'policy.removeRules', subject: ids.join(' '), detail: '' }, (policy) => {
    assertRules(policy, ids);
    return { policy: { ...policy, rules: policy.rules.filter((rule) => !gone.has(rule.id)) }, result: undefined };
  });
}

const hostNames = (ctx: BackendContext): Set<string> => new Set(listHosts(ctx.workspace.read).map((h) => h.name));

/** The rules in canonical form. Issues of one rule alone need no place in a list. */
function checkAll(rules: readonly Rule[], hosts: ReadonlySet<string>, policy: Policy): Rule[] {
  const checked = rules.map(({ id, ...rule }, i) => ({ id, ...checkRule(rule, rules.length === 1 ? '' : `rules.${i}.`, { hosts, policy }) }));
  assertNoIssues(checked.flatMap((c) => c.issues));
  return checked.map(({ id, rule }): Rule => ({ id, ...rule }));
}

function assertRules(policy: Policy, ids: readonly RuleId[]): void {
  const known = policy.rules.map((r) => r.id);
  const has = new Set(known);
  const missing = ids.find((id) => !has.has(id));
  if (missing !== undefined) throw new FirebreakError('NOT_FOUND', { what: 'rule', name: missing, known });
}

const describeRule = (rule: NewRule): string =>
  `${rule.disabled === true ? 'disabled: ' : ''}${rule.action} ${printPeer(rule.from)}${describeAs(rule.as)} → ${printPeer(rule.to)}${describeServedBy(rule.servedBy)} ${rule.services.map(printServiceRef).join(',')}${rule.schedule === null ? '' : `, ${printSchedule(rule.schedule)}`}`;
