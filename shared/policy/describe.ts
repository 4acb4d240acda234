import type { IpList, PolicyTest, Rule, Zone } from '../model/policy.ts';
import type { Service } from '../model/service.ts';
import { describeAs, describeServedBy } from '../text/identity-text.ts';
import { printPeer } from '../text/peer-text.ts';
import { printSchedule } from '../text/schedule-text.ts';
import { printSelectorSet } from '../text/selector-text.ts';
import { printServiceEntry, printServiceRef, printServiceRefs } from '../text/service-text.ts';

/** One line each, as diffs and messages show them. Equal objects give equal lines and, except for ids, unequal ones unequal lines. */
const join = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('; ');
const named = (name: string, value: string | null): string => (value === null || value === '' ? '' : `${name} ${value}`);

/** The rule in few words, without who and why. */
export const describeRuleShort = (rule: Pick<Rule, 'action' | 'from' | 'to' | 'services' | 'schedule' | 'as' | 'servedBy'>): string =>
  `${rule.action} ${printPeer(rule.from)}${describeAs(rule.as)} → ${printPeer(rule.to)}${describeServedBy(rule.servedBy)} on ${printServiceRefs(rule.services)}${rule.schedule ? `, ${printSchedule(rule.schedule)}` : ''}`;

export const describeRule = (rule: Rule): string =>
  join([
    rule.disabled === true ? 'disabled' : '',
    describeRuleShort(rule),
    named('owner', rule.owner),
    named('reason', rule.reason),
    named('ticket', rule.ticket),
    named('review on', rule.reviewOn),
    named('expires on', rule.expiresOn),
  ]);

export const describeZone = (zone: Zone): string => join([printSelectorSet(zone.select), zone.mode, `outbound ${zone.outbound}`, named('only', zone.onlyServices && printServiceRefs(zone.onlyServices)), named('note', zone.note)]);

export const describeService = (service: Service): string => join([service.entries.map(printServiceEntry).join(','), named('note', service.note)]);

export const describeIpList = (list: IpList): string =>
  join([
    [...list.cidrs, ...(list.names ?? [])].join(', ') + (list.except.length === 0 ? '' : ` except ${list.except.join(', ')}`),
    list.nameDays === undefined ? '' : `answers count ${list.nameDays} days`,
    named('answers may lie in', list.nameNetworks?.join(', ') ?? null),
    named('note', list.note),
  ]);

export const describeTest = (test: PolicyTest): string =>
  `${printPeer(test.from)} ${test.expect === 'allow' ? 'can' : 'cannot'} reach ${printPeer(test.to)} on ${printServiceRef(test.service)}`;
