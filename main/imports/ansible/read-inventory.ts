import { createInventoryBook, type Group, INVENTORY_BOUNDS, type InventoryBook, type InventoryBounds } from './inventory-book.ts';
import { splitShellWords } from './shell-words.ts';
import type { TemplateValue } from './template-value.ts';

/** Groups with their own hosts and the groups below them. `hosts`: all, in the order in which they are first named. `unread`: lines that were not taken, with a reason without a full stop. */
export type Inventory = { readonly hosts: readonly string[]; readonly groups: ReadonlyMap<string, Group>; readonly unread: readonly { readonly line: number; readonly text: string; readonly reason: string }[] };

/** Reads INI inventories, several files as one. Beyond its bounds it takes no more, and says from which line on. */
export function readInventory(texts: Iterable<string>, bounds: InventoryBounds = INVENTORY_BOUNDS): Inventory {
  const book = createInventoryBook(bounds);
  for (const text of texts) readIniInventory(book, text, null);
  return { hosts: [...book.hosts.keys()], groups: book.groups, unread: book.unread().map(({ line, text, reason }) => ({ line, text, reason })) };
}

/** Reads an INI inventory as Ansible's own plugin does (ansible.builtin.ini): `[group]`, `[group:children]`, `[group:vars]`, ranges like `web[01:12]`, variables behind a host. */
export function readIniInventory(book: InventoryBook, text: string, file: string | null): void {
  let section = { name: 'ungrouped', kind: 'hosts' };
  for (const [at, whole] of text.split('\n').entries()) {
    const place = { file, line: at + 1 };
    const line = whole.trim();
    if (line === '' || /^[#;]/.test(line)) continue;
    const head = /^\[([^\]:]+)(?::(children|vars|hosts))?\]\s*(?:[#;].*)?$/.exec(line);
    if (head !== null) {
      section = { name: head[1]?.trim() ?? '', kind: head[2] ?? 'hosts' };
      book.group(section.name, place, line);
    } else if (section.kind === 'children') {
      const child = line.replace(/\s+[#;].*$/, '');
      const parent = book.group(section.name, place, child);
      if (parent !== null && book.group(child, place) !== null) parent.children.add(child);
    } else if (section.kind === 'vars') {
      const [name = '', ...rest] = line.split('=');
      if (rest.length === 0) book.leave(place, '', 'a variable is NAME=VALUE');
      else book.group(section.name, place)?.vars.set(name.trim(), literalValue(rest.join('=').trim()));
    } else readHostLine(book, { line: line.replace(/\s[;].*$/, ''), group: section.name }, place);
  }
}

/** What is told of a line that is not taken is the name alone: behind it there may be a password. */
function readHostLine(book: InventoryBook, { line, group }: { line: string; group: string }, place: { file: string | null; line: number }): void {
  const words = splitShellWords(line);
  const [pattern = '', ...pairs] = words ?? [];
  if (words === null) book.leave(place, line.split(/\s/)[0] ?? '', 'a quote in it is never closed');
  else if (pairs.some((pair) => !pair.includes('='))) book.leave(place, pattern, 'behind a name stand variables, each as NAME=VALUE, in quotes where the value has blanks');
  else book.addHosts(pattern, group, new Map(pairs.map((pair): [string, TemplateValue] => [pair.slice(0, pair.indexOf('=')), literalValue(pair.slice(pair.indexOf('=') + 1))])), place);
}

/** As Python's literal_eval, which the plugin asks, for what is one value; lists and mappings stay text, of which no label and no address is made. */
export function literalValue(text: string): TemplateValue {
  const bare = text.replace(/^(-?\d[\d.]*|True|False|None|'[^'\\]*'|"[^"\\]*")\s+#.*$/, '$1');
  if (/^-?(0|[1-9]\d{0,14})$/.test(bare) || /^-?\d+\.\d+$/.test(bare)) return Number(bare);
  if (bare === 'True' || bare === 'False') return bare === 'True';
  if (bare === 'None') return null;
  return /^(['"])(?:(?!\1)[^\\])*\1$/.test(bare) ? bare.slice(1, -1) : text;
}
