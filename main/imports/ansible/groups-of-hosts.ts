import type { Inventory } from './read-inventory.ts';

/** Groups that hosts are in, counted once a host. Real inventories have some ten a host. */
const MAX_MEMBERSHIPS = 2_000_000;
const SHOWN_NAMES = 5;

/** `problems`: sentences without a full stop. */
export type GroupsOfHosts = { readonly groups: ReadonlyMap<string, readonly string[]>; readonly problems: readonly string[] };

/**
 * The groups of each host with those above them, from above to below: deeper ones and, among equals, those of a higher `ansible_group_priority` and then later names win (Ansible's group precedence). Each group and each line is looked at
 * once, however deep they lie in each other; where hosts are in too many groups all in all, the others keep those that name them, and that is said. Pure.
 */
export function groupsOfHosts({ hosts, groups }: Pick<Inventory, 'hosts' | 'groups'>, maxMemberships = MAX_MEMBERSHIPS, priorities: ReadonlyMap<string, number> = new Map()): GroupsOfHosts {
  const { depths, inCircles } = measureDepths(groups);
  const parents = new Map<string, string[]>();
  for (const [name, { children }] of groups) for (const child of children) pushTo(parents, child, name);
  const direct = new Map<string, string[]>(hosts.map((host) => [host, []]));
  for (const [name, group] of groups) for (const host of group.hosts) direct.get(host)?.push(name);
  const found = new Map<string, string[]>();
  let [memberships, cut] = [0, 0];
  for (const [host, names] of direct) {
    const all = withParents(names, parents, maxMemberships - memberships);
    if (all === null) cut += 1;
    const kept = all ?? new Set(names);
    memberships += kept.size;
    found.set(host, sortGroups(kept, depths, priorities));
  }
  return {
    groups: found,
    problems: [
      ...(inCircles.length === 0 ? [] : [`groups contain each other, which Ansible refuses: ${inCircles.slice(0, SHOWN_NAMES).join(', ')}${inCircles.length > SHOWN_NAMES ? ` and ${inCircles.length - SHOWN_NAMES} more` : ''}`]),
      ...(cut === 0 ? [] : [`groups lie in each other so often that hosts would be in more than ${maxMemberships} all in all; ${cut} hosts have only the groups that name them, and may lack variables`]),
    ],
  };
}

/** How deep each group lies below `all`, by its longest way: each is looked at once all above it have been. Of a circle the group that is named first counts as the upper one. */
function measureDepths(groups: Inventory['groups']): { depths: Map<string, number>; inCircles: string[] } {
  const above = new Map<string, number>();
  for (const { children } of groups.values()) for (const child of children) above.set(child, (above.get(child) ?? 0) + 1);
  const depths = new Map<string, number>();
  const inCircles: string[] = [];
  const ready = [...groups.keys()].filter((name) => !above.has(name));
  const done = new Set<string>();
  const follow = () => {
    for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
      if (done.has(name)) continue;
      done.add(name);
      const depth = depths.get(name) ?? 1;
      depths.set(name, depth);
      for (const child of groups.get(name)?.children ?? []) {
        if (done.has(child)) continue;
        depths.set(child, Math.max(depths.get(child) ?? 1, depth + 1));
        const left = (above.get(child) ?? 0) - 1;
        above.set(child, left);
        if (left === 0) ready.push(child);
      }
    }
  };
  follow();
  for (const name of groups.keys()) {
    if (done.has(name)) continue;
    inCircles.push(name);
    ready.push(name);
    follow();
  }
  return { depths, inCircles };
}

/** Null where there are more than `max`. */
function withParents(names: readonly string[], parents: ReadonlyMap<string, readonly string[]>, max: number): Set<string> | null {
  const all = new Set(names);
  // A set that grows while it is walked is walked to its end.
  for (const name of all) {
    for (const parent of parents.get(name) ?? []) all.add(parent);
    if (all.size > max) return null;
  }
  return all;
}

function pushTo(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

const sortGroups = (names: ReadonlySet<string>, depths: ReadonlyMap<string, number>, priorities: ReadonlyMap<string, number>): string[] =>
  [...names].sort((a, b) => (depths.get(a) ?? 0) - (depths.get(b) ?? 0) || (priorities.get(a) ?? 1) - (priorities.get(b) ?? 1) || (a < b ? -1 : 1));
