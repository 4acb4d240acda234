import { LineCounter, isMap, isScalar, parseDocument, visit } from 'yaml';
import type { InventoryBook, Place } from './inventory-book.ts';
import { toTemplateValue } from './read-variables.ts';
import type { TemplateValue } from './template-value.ts';
import { ANSIBLE_YAML } from './yaml-of-ansible.ts';

const MAX_DEPTH = 40;

/** Reads a YAML inventory as Ansible's own plugin does (ansible.builtin.yaml): groups with `hosts`, `vars` and `children`. A configuration of another plugin names no hosts, which is told. */
export function readYamlInventory(book: InventoryBook, text: string, file: string): void {
  const counter = new LineCounter();
  const document = parseDocument(text, { ...ANSIBLE_YAML, lineCounter: counter });
  const [error] = document.errors;
  if (error !== undefined) return book.leave({ file, line: counter.linePos(error.pos[0]).line }, '', `it is no YAML: ${error.message.split('\n')[0] ?? ''}`);
  let value: unknown = null;
  try {
    value = document.toJS({ maxAliasCount: 100, mapAsMap: true });
  } catch (cause) {
    return book.leave({ file, line: 1 }, '', cause instanceof Error ? cause.message : String(cause));
  }
  const top = { file, line: 1 };
  if (!(value instanceof Map)) return book.leave(top, '', 'an inventory is a mapping of groups');
  if (value.has('plugin')) return book.leave(top, `plugin: ${String(value.get('plugin'))}`, 'it asks a plugin for hosts (a cloud or a script), which is not run; save what “ansible-inventory -i FILE --list --yaml” prints and import that');
  const lines = linesOfHosts(document, counter);
  const run: Run = { book, file, placeOf: (name) => ({ file, line: lines.get(name) ?? 1 }) };
  for (const [name, group] of value) readGroup(run, String(name), group, 0);
}

type Run = { readonly book: InventoryBook; readonly file: string; readonly placeOf: (host: string) => Place };

function readGroup(run: Run, name: string, value: unknown, depth: number): void {
  const place = { file: run.file, line: run.placeOf(name).line };
  if (depth > MAX_DEPTH) return run.book.leave(place, name, `groups are nested deeper than ${MAX_DEPTH}`);
  const group = run.book.group(name, place);
  if (group === null || value === null || value === undefined) return;
  if (!(value instanceof Map)) return run.book.leave(place, name, 'a group is a mapping with hosts, vars and children; this is another kind of file, perhaps one of a plugin of its own');
  for (const [key, entries] of value) {
    if (key === 'vars') for (const [variable, one] of entriesOf(run, name, key, entries)) group.vars.set(variable, toTemplateValue(one, 0));
    else if (key === 'hosts') for (const [host, vars] of entriesOf(run, name, key, entries)) run.book.addHosts(host, name, toVariables(vars), run.placeOf(host));
    else if (key === 'children') {
      for (const [child, below] of entriesOf(run, name, key, entries)) {
        group.children.add(child);
        readGroup(run, child, below, depth + 1);
      }
    } else run.book.leave(place, `${name}: ${String(key)}`, 'a group has hosts, vars and children, and nothing else');
  }
}

/** One name alone counts as a mapping with that key. */
function entriesOf(run: Run, group: string, key: string, value: unknown): [string, unknown][] {
  if (value instanceof Map) return [...value].map(([name, one]) => [String(name), one]);
  if (typeof value === 'string') return [[value, null]];
  if (value !== null && value !== undefined) run.book.leave({ file: run.file, line: run.placeOf(group).line }, `${group}: ${key}`, 'it must be a mapping (NAME: on each line), not a list');
  return [];
}

function toVariables(value: unknown): Map<string, TemplateValue> {
  return value instanceof Map ? new Map([...value].map(([name, one]) => [String(name), toTemplateValue(one, 0)])) : new Map();
}

/** The line where each key of a `hosts` or `children` mapping, or of the top, first stands. */
function linesOfHosts(document: ReturnType<typeof parseDocument>, counter: LineCounter): Map<string, number> {
  const lines = new Map<string, number>();
  visit(document, {
    Pair: (_, pair) => {
      if (!isScalar(pair.key) || (pair.key.value !== 'hosts' && pair.key.value !== 'children') || !isMap(pair.value)) return;
      for (const { key } of pair.value.items) if (isScalar(key) && key.range != null && !lines.has(String(key.value))) lines.set(String(key.value), counter.linePos(key.range[0]).line);
    },
  });
  return lines;
}
