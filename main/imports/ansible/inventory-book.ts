import { expandHosts } from './expand-hosts.ts';
import type { TemplateValue } from './template-value.ts';

/** `vars` are those that stand in the inventory itself. */
export type Group = { readonly hosts: Set<string>; readonly children: Set<string>; readonly vars: Map<string, TemplateValue> };
export type Place = { readonly file: string | null; readonly line: number };
export type UnreadLine = Place & { readonly text: string; readonly reason: string };
export type InventoryHost = { readonly place: Place; readonly vars: Map<string, TemplateValue> };

/** What an inventory may hold: the largest that are known have some thousand hosts. `unread` lines are listed, and the others counted. */
export const INVENTORY_BOUNDS = { range: 10_000, hosts: 100_000, groups: 20_000, nameChars: 253, unread: 200 } as const;
export type InventoryBounds = Record<keyof typeof INVENTORY_BOUNDS, number>;

const SHOWN_CHARS = 200;

/** Collects what inventories say, several files as one. What is beyond the bounds is not taken, and told with its line. */
export type InventoryBook = {
  readonly hosts: ReadonlyMap<string, InventoryHost>;
  readonly groups: ReadonlyMap<string, Group>;
  /** Null, and told, where there are too many. */
  readonly group: (name: string, place: Place, text?: string) => Group | null;
  /** Hosts of a pattern, in a group. */
  readonly addHosts: (pattern: string, group: string, vars: ReadonlyMap<string, TemplateValue>, place: Place, text?: string) => void;
  readonly leave: (place: Place, text: string, reason: string) => void;
  readonly unread: () => readonly UnreadLine[];
};

export function createInventoryBook(bounds: InventoryBounds = INVENTORY_BOUNDS): InventoryBook {
  const hosts = new Map<string, InventoryHost>();
  const groups = new Map<string, Group>();
  const lines: UnreadLine[] = [];
  let more = 0;
  const leave: InventoryBook['leave'] = (place, text, reason) => {
    if (lines.length < bounds.unread) lines.push({ ...place, text: text.slice(0, SHOWN_CHARS), reason });
    else more += 1;
  };
  const group: InventoryBook['group'] = (name, place, text = name) => {
    const known = groups.get(name);
    if (known !== undefined) return known;
    if (groups.size >= bounds.groups) {
      leave(place, text, `there are more than ${bounds.groups} groups, and no more are taken`);
      return null;
    }
    const made: Group = { hosts: new Set(), children: new Set(), vars: new Map() };
    groups.set(name, made);
    return made;
  };
  return {
    hosts,
    groups,
    group,
    leave,
    addHosts: (pattern, groupName, vars, place, text = pattern) => {
      const read = expandHosts(pattern, bounds);
      const into = typeof read === 'string' ? null : group(groupName, place, text);
      if (typeof read === 'string') leave(place, text, read);
      else if (into !== null && hosts.size + read.names.length > bounds.hosts)
        leave(place, text, `with it there would be more than ${bounds.hosts} hosts; divide the inventory, and read the parts by themselves`);
      else if (into !== null) {
        for (const name of read.names) {
          const host = hosts.get(name) ?? { place, vars: new Map<string, TemplateValue>() };
          if (read.port !== null) host.vars.set('ansible_port', read.port);
          for (const [key, value] of vars) host.vars.set(key, value);
          hosts.set(name, host);
          into.hosts.add(name);
        }
      }
    },
    unread: () => (more === 0 ? lines : [...lines, { file: null, line: 0, text: '', reason: `${more} more lines could not be taken` }]),
  };
}
