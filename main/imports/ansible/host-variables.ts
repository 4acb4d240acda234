import { join } from 'node:path';
import { inert } from '../../../shared/text/inert.ts';
import { groupsOfHosts } from './groups-of-hosts.ts';
import type { Place } from './inventory-book.ts';
import type { LoadedInventory } from './load-inventory.ts';
import type { TemplateValue } from './template-value.ts';
import { readVariableFiles, type VariableFiles, type VariableRun } from './variable-files.ts';

/** A host with its groups, the nearest last, and its variables as Ansible merges them. */
export type FleetMember = { readonly name: string; readonly place: Place; readonly groups: readonly string[]; readonly variables: ReadonlyMap<string, TemplateValue> };
export type FleetMembers = { readonly members: Iterable<FleetMember>; readonly notes: readonly string[] };

/** Groups that every host is in, or that mean none. */
const EVERYBODY: ReadonlySet<string> = new Set(['all', 'ungrouped']);

/**
 * Hosts with variables by Ansible's precedence: `all` and then groups of the inventory, group_vars/all, group_vars of groups from above to below, the host's own, host_vars. `members` is
 * made while it is walked, so that variables of a large fleet are never all there at once.
 */
export async function readFleetMembers({ book, folders }: LoadedInventory): Promise<FleetMembers> {
  const run: VariableRun = { notes: [], files: 0, bytes: 0 };
  const [ofGroups, ofHosts]: [VariableFiles[], VariableFiles[]] = [[], []];
  for (const folder of folders) {
    ofGroups.push(await readVariableFiles(join(folder, 'group_vars'), run));
    ofHosts.push(await readVariableFiles(join(folder, 'host_vars'), run));
  }
  const groups = new Map([...book.groups].filter(([name]) => !EVERYBODY.has(name)));
  const priorities = new Map([...groups].flatMap(([name, { vars }]) => (Number.isInteger(Number(vars.get('ansible_group_priority') ?? 'x')) ? [[name, Number(vars.get('ansible_group_priority'))] as const] : [])));
  const { groups: groupsOf, problems } = groupsOfHosts({ hosts: [...book.hosts.keys()], groups }, undefined, priorities);
  function* walk(): Generator<FleetMember, void, void> {
    for (const [name, { place, vars }] of book.hosts) {
      const own = groupsOf.get(name) ?? [];
      const inline = ['all', ...own].map((group) => book.groups.get(group)?.vars ?? new Map<string, TemplateValue>());
      const files = [...ofGroups.map((one) => one.of('all')), ...own.flatMap((group) => ofGroups.map((one) => one.of(group)))];
      yield { name, place, groups: own, variables: mergeAll([...inline, ...files, vars, ...ofHosts.map((one) => one.of(name))]) };
    }
  }
  return { members: { [Symbol.iterator]: walk }, notes: [...run.notes, ...problems.map((problem) => `${inert(problem)}.`)] };
}

/** How groups are ordered is no variable of a host, and its own name is no file's to change. */
function mergeAll(parts: readonly ReadonlyMap<string, TemplateValue>[]): Map<string, TemplateValue> {
  const merged = new Map<string, TemplateValue>();
  for (const part of parts) for (const [key, value] of part) merged.set(key, value);
  for (const magic of ['ansible_group_priority', 'inventory_hostname', 'inventory_hostname_short', 'group_names']) merged.delete(magic);
  return merged;
}
