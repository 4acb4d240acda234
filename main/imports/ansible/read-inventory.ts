/** Groups with their own hosts and the groups below them. `hosts`: all, in the order in which they are first named. `unread`: lines that were not taken, with a reason without a full stop. */
export type Inventory = { readonly hosts: readonly string[]; readonly groups: ReadonlyMap<string, Group>; readonly unread: readonly { readonly line: number; readonly text: string; readonly reason: string }[] };
export type Group = { readonly hosts: Set<string>; readonly children: Set<string> };

/** What an inventory may hold: the largest that are known have some thousand hosts. `unread` lines are listed, and the others counted. */
export const INVENTORY_BOUNDS = { range: 10_000, hosts: 100_000, groups: 20_000, nameChars: 253, unread: 200 } as const;
type Bounds = Record<keyof typeof INVENTORY_BOUNDS, number>;

/**
 * Reads Ansible's INI inventories, several files as one, as its own plugin does (ansible.builtin.ini): `[group]`, `[group:children]`, ranges like `web[01:12]`; variables in lines and
 * `[group:vars]` are left out. Beyond its bounds it takes no more, and says from which line on.
 */
export function readInventory(texts: Iterable<string>, bounds: Bounds = INVENTORY_BOUNDS): Inventory {
  const hosts = new Set<string>();
  const groups = new Map<string, Group>();
  const unread = createUnreadBook(bounds.unread);
  const groupOf = (name: string): Group | null => {
    const group = groups.get(name) ?? (groups.size < bounds.groups ? { hosts: new Set<string>(), children: new Set<string>() } : null);
    if (group !== null) groups.set(name, group);
    return group;
  };
  const tooManyGroups = `there are more than ${bounds.groups} groups, and no more are taken`;
  for (const text of texts) {
    let section = { name: 'ungrouped', kind: 'hosts' };
    for (const [place, whole] of text.split('\n').entries()) {
      const line = whole.replace(/(^|\s)[#;].*/, '').trim();
      if (line === '') continue;
      const head = /^\[([^\]:]+)(?::(children|vars|hosts))?\]$/.exec(line);
      if (head !== null) {
        section = { name: head[1]?.trim() ?? '', kind: head[2] ?? 'hosts' };
        if (groupOf(section.name) === null) unread.add(place + 1, line, tooManyGroups);
      } else if (section.kind === 'children') {
        const isTaken = groupOf(section.name) !== null && groupOf(line) !== null;
        if (isTaken) groupOf(section.name)?.children.add(line);
        else unread.add(place + 1, line, tooManyGroups);
      } else if (section.kind === 'hosts') {
        const names = expandRange(line.split(/\s+/)[0] ?? '', bounds);
        const group = groupOf(section.name);
        if (typeof names === 'string') unread.add(place + 1, line, names);
        else if (group === null) unread.add(place + 1, line, tooManyGroups);
        else if (hosts.size + names.length > bounds.hosts) unread.add(place + 1, line, `with it there would be more than ${bounds.hosts} hosts; divide the inventory, and audit the parts by themselves`);
        else
          for (const name of names) {
            hosts.add(name);
            group.hosts.add(name);
          }
      }
    }
  }
  return { hosts: [...hosts], groups, unread: unread.list() };
}

const SHOWN_CHARS = 200;

function createUnreadBook(max: number) {
  const lines: { line: number; text: string; reason: string }[] = [];
  let more = 0;
  return {
    add: (line: number, text: string, reason: string) => {
      if (lines.length < max) lines.push({ line, text: text.slice(0, SHOWN_CHARS), reason });
      else more += 1;
    },
    list: () => (more === 0 ? lines : [...lines, { line: 0, text: '', reason: `${more} more lines could not be taken` }]),
  };
}

const NOT_A_NAME = 'no name of a host';
const isName = (text: string): boolean => /^[A-Za-z0-9_.:-]*$/.test(text);

/** `web[01:12].example` is twelve names. A sentence for what is no name, or stands for more than are taken. */
function expandRange(pattern: string, bounds: Bounds): string[] | string {
  if (pattern.length > bounds.nameChars) return `a name has at most ${bounds.nameChars} characters`;
  const range = /^([^[]*)\[(\d+):(\d+)\]([^[]*)$/.exec(pattern);
  if (range === null) return pattern !== '' && isName(pattern) ? [pattern] : NOT_A_NAME;
  const [, head = '', first = '', last = '', tail = ''] = range;
  const [from, to] = [Number(first), Number(last)];
  if (!isName(head) || !isName(tail) || to < from) return NOT_A_NAME;
  if (to - from >= bounds.range) return `a range stands for at most ${bounds.range} hosts; divide it`;
  return Array.from({ length: to - from + 1 }, (_, step) => `${head}${String(from + step).padStart(first.length, '0')}${tail}`);
}
