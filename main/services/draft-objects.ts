import { FirebreakError } from '../../shared/errors.ts';
import type { RuleId } from '../../shared/model/ids.ts';
import type { IpList, Policy, Rule } from '../../shared/model/policy.ts';
import type { Service } from '../../shared/model/service.ts';
import { describeAs, describeServedBy } from '../../shared/text/identity-text.ts';
import { printPeer } from '../../shared/text/peer-text.ts';
import { printSchedule } from '../../shared/text/schedule-text.ts';
import { isReservedServiceName, printServiceRef } from '../../shared/text/service-text.ts';
import { listHosts } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkIpList, checkRule } from './check-policy.ts';
import { editDraft } from './draft.ts';
import { listIpListUses, listServiceUses } from './policy-references.ts';

export type NewRule = Omit<Rule, 'id'>;

/** All or none. @throws INPUT_INVALID with the issues of all rules */
export function addRules(ctx: BackendContext, rules: readonly NewRule[]): Rule[] {
  const hosts = hostNames(ctx);
  const detail = rules.map(describeRule).join('; ');
  const made = rules.map((rule): Rule => ({ ...rule, id: ctx.newId.rule() }));
  return editDraft(ctx, { action: 'policy.addRules', subject: made.map((r) => r.id).join(' '), detail }, (policy) => {
    const checked = made.map(({ id, ...rule }, i) => ({ id, ...checkRule(rule, made.length === 1 ? '' : `rules.${i}.`, { hosts, policy }) }));
    assertNoIssues(checked.flatMap((c) => c.issues));
    const result = checked.map(({ id, rule }): Rule => ({ id, ...rule }));
    return { policy: { ...policy, rules: [...policy.rules, ...result] }, result };
  });
}

/** Replaces the rule with the same id. @throws NOT_FOUND · INPUT_INVALID */
export function updateRule(ctx: BackendContext, input: Rule): Rule {
  const hosts = hostNames(ctx);
  const { id, ...given } = input;
  return editDraft(ctx, { action: 'policy.updateRule', subject: id, detail: describeRule(given) }, (policy) => {
    assertRule(policy, id);
    const { rule, issues } = checkRule(given, '', { hosts, policy });
    assertNoIssues(issues);
    const result: Rule = { id, ...rule };
    return { policy: { ...policy, rules: policy.rules.map((r) => (r.id === id ? result : r)) }, result };
  });
}

/** @throws NOT_FOUND */
export function removeRule(ctx: BackendContext, id: RuleId): void {
  editDraft(ctx, { action: 'policy.removeRule', subject: id, detail: '' }, (policy) => {
    assertRule(policy, id);
    return { policy: { ...policy, rules: policy.rules.filter((r) => r.id !== id) }, result: undefined };
  });
}

/** Adds the service, or replaces the one of that name in its place: whatever uses it then means the new one. @throws INPUT_INVALID for a name that is a protocol's */
export function putService(ctx: BackendContext, service: Service): Service {
  if (isReservedServiceName(service.name))
    assertNoIssues([{ path: 'name', message: `“${service.name}” cannot be the name of a service: where a rule names services it means a protocol or a port; choose another name` }]);
  return editDraft(ctx, { action: 'policy.putService', subject: service.name, detail: '' }, (policy) => ({
    policy: { ...policy, services: putByName(policy.services, service) },
    result: service,
  }));
}

/** @throws NOT_FOUND · STILL_USED */
export function removeService(ctx: BackendContext, name: string): void {
  editDraft(ctx, { action: 'policy.removeService', subject: name, detail: '' }, (policy) => {
    assertRemovable(
      'service',
      name,
      policy.services.map((s) => s.name),
      listServiceUses(policy, name),
    );
    return { policy: { ...policy, services: policy.services.filter((s) => s.name !== name) }, result: undefined };
  });
}

/** As putService. @throws INPUT_INVALID with every CIDR that is none */
export function putIpList(ctx: BackendContext, input: IpList): IpList {
  const { list, issues } = checkIpList(input);
  assertNoIssues(issues);
  return editDraft(ctx, { action: 'policy.putIpList', subject: list.name, detail: list.cidrs.join(' ') }, (policy) => ({
    policy: { ...policy, ipLists: putByName(policy.ipLists, list) },
    result: list,
  }));
}

/** @throws NOT_FOUND · STILL_USED */
export function removeIpList(ctx: BackendContext, name: string): void {
  editDraft(ctx, { action: 'policy.removeIpList', subject: name, detail: '' }, (policy) => {
    assertRemovable(
      'IP list',
      name,
      policy.ipLists.map((l) => l.name),
      listIpListUses(policy, name),
    );
    return { policy: { ...policy, ipLists: policy.ipLists.filter((l) => l.name !== name) }, result: undefined };
  });
}

const hostNames = (ctx: BackendContext): Set<string> => new Set(listHosts(ctx.workspace.read).map((h) => h.name));

function assertRule(policy: Policy, id: RuleId): void {
  const known = policy.rules.map((r) => r.id);
  if (!known.includes(id)) throw new FirebreakError('NOT_FOUND', { what: 'rule', name: id, known });
}

function assertRemovable(what: string, name: string, known: readonly string[], usedBy: string[]): void {
  if (!known.includes(name)) throw new FirebreakError('NOT_FOUND', { what, name, known: [...known] });
  if (usedBy.length > 0) throw new FirebreakError('STILL_USED', { what, name, usedBy });
}

const putByName = <T extends { name: string }>(items: readonly T[], item: T): T[] =>
  items.some((i) => i.name === item.name) ? items.map((i) => (i.name === item.name ? item : i)) : [...items, item];

const describeRule = (rule: NewRule): string =>
  `${rule.action} ${printPeer(rule.from)}${describeAs(rule.as)} → ${printPeer(rule.to)}${describeServedBy(rule.servedBy)} ${rule.services.map(printServiceRef).join(',')}${rule.schedule === null ? '' : `, ${printSchedule(rule.schedule)}`}`;
