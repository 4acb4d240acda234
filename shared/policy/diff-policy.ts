import type { PolicyDiffRow } from '../model/diff.ts';
import type { Policy } from '../model/policy.ts';
import { describeContainment, describeContainmentBriefly } from './describe-containment.ts';
import { describeIpList, describeRule, describeService, describeTest, describeZone } from './describe.ts';

/**
 * Layer 1 of the plan: zones, zone order, rules, services, IP lists, tests, containments; within each, what `after` has in its order, then what is gone.
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
    ...diffNamed(
      'containment',
      before.containments.map((one) => [one.id, describeContainment(one), describeContainmentBriefly(one)]),
      after.containments.map((one) => [one.id, describeContainment(one), describeContainmentBriefly(one)]),
    ),
  ];
}

/** `brief`, where there is one, is what is shown of an object that only one side has. */
type Named = readonly (readonly [name: string, text: string, brief?: string])[];

function diffNamed(what: PolicyDiffRow['what'], before: Named, after: Named): PolicyDiffRow[] {
  const byName = (all: Named) => new Map(all.map(([name, text, brief = text]) => [name, { text, brief }]));
  const [old, now] = [byName(before), byName(after)];
  const added = [...now].flatMap(([name, { text, brief }]): PolicyDiffRow[] => {
    const was = old.get(name)?.text;
    if (was === undefined) return [{ change: 'added', what, name, before: null, after: brief }];
    return was === text ? [] : [{ change: 'changed', what, name, before: was, after: text }];
  });
  const removed = [...old].flatMap(([name, { brief }]): PolicyDiffRow[] => (now.has(name) ? [] : [{ change: 'removed', what, name, before: brief, after: null }]));
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
