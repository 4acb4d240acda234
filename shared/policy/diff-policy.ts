import type { PolicyDiffRow } from '../model/diff.ts';
import type { Policy } from '../model/policy.ts';
import { describeIpList, describeRule, describeService, describeTest, describeZone } from './describe.ts';

/**
 * Layer 1 of the plan: zones, zone order, rules, services, IP lists, tests; within each, what `after` has in its order, then what is gone.
 * Zones, services and lists are told apart by name, rules by id, tests by their text. Empty when nothing changed; the order of rules is no change.
 */
export function diffPolicy(before: Policy, after: Policy): PolicyDiffRow[] {
  return [
    ...diffNamed(
      'zone',
      before.zones.map((zone) => [zone.name, describeZone(zone)]),
      after.zones.map((zone) => [zone.name, describeZone(zone)]),
    ),
    ...diffZoneOrder(before, after),
    ...diffNamed(
      'rule',
      before.rules.map((rule) => [rule.id, describeRule(rule)]),
      after.rules.map((rule) => [rule.id, describeRule(rule)]),
    ),
    ...diffNamed(
      'service',
      before.services.map((s) => [s.name, describeService(s)]),
      after.services.map((s) => [s.name, describeService(s)]),
    ),
    ...diffNamed(
      'iplist',
      before.ipLists.map((list) => [list.name, describeIpList(list)]),
      after.ipLists.map((list) => [list.name, describeIpList(list)]),
    ),
    ...diffNamed(
      'test',
      before.tests.map((test) => [describeTest(test), describeTest(test)]),
      after.tests.map((test) => [describeTest(test), describeTest(test)]),
    ),
  ];
}

type Named = readonly (readonly [name: string, text: string])[];

function diffNamed(what: PolicyDiffRow['what'], before: Named, after: Named): PolicyDiffRow[] {
  const old = new Map(before);
  const now = new Map(after);
  const added = [...now].flatMap(([name, text]): PolicyDiffRow[] => {
    const was = old.get(name);
    if (was === undefined) return [{ change: 'added', what, name, before: null, after: text }];
    return was === text ? [] : [{ change: 'changed', what, name, before: was, after: text }];
  });
  const removed = [...old].flatMap(([name, text]): PolicyDiffRow[] => (now.has(name) ? [] : [{ change: 'removed', what, name, before: text, after: null }]));
  return [...added, ...removed];
}

/** The order decides which zone a host belongs to; zones that only one side has say so in their own rows. */
function diffZoneOrder(before: Policy, after: Policy): PolicyDiffRow[] {
  const common = new Set(before.zones.map((zone) => zone.name).filter((name) => after.zones.some((zone) => zone.name === name)));
  const orderOf = (policy: Policy) =>
    policy.zones
      .map((zone) => zone.name)
      .filter((name) => common.has(name))
      .join(', ');
  const [was, is] = [orderOf(before), orderOf(after)];
  return was === is ? [] : [{ change: 'changed', what: 'zone-order', name: 'order of zones', before: was, after: is }];
}
