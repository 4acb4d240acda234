import type { PolicyDiffRow } from '../model/diff.ts';
import type { Policy } from '../model/policy.ts';
import { describeContainment } from './describe-containment.ts';
import { describeIpList, describeRule, describeService, describeTest, describeZone } from './describe.ts';

export type SectionName = keyof Policy;
type Item<Name extends SectionName> = Policy[Name][number];
/** `nameOf` is what an object is known by, in this section and for as long as it exists; a test has no name but its text. */
type Section<Name extends SectionName> = {
  readonly what: PolicyDiffRow['what'];
  readonly nameOf: (item: Item<Name>) => string;
  readonly describe: (item: Item<Name>) => string;
};

/** The lists of a policy; a section that is missing here does not compile. */
export const SECTIONS: { readonly [Name in SectionName]: Section<Name> } = {
  zones: { what: 'zone', nameOf: (zone) => zone.name, describe: describeZone },
  rules: { what: 'rule', nameOf: (rule) => rule.id, describe: describeRule },
  services: { what: 'service', nameOf: (service) => service.name, describe: describeService },
  ipLists: { what: 'iplist', nameOf: (list) => list.name, describe: describeIpList },
  tests: { what: 'test', nameOf: describeTest, describe: describeTest },
  containments: { what: 'containment', nameOf: (containment) => containment.id, describe: describeContainment },
};

/** Names in order, told apart where one is there more than once (`a`, `a #2`): whatever is kept by name belongs to one of them only. */
export function tellApart(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}

/** The names of a section's objects, each there once. */
export function listNames<Name extends SectionName>(section: Name, items: Policy[Name]): string[] {
  const { nameOf } = SECTIONS[section];
  const named: readonly Item<Name>[] = items;
  return tellApart(named.map(nameOf));
}
