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
  const read = readTop(document, counter);
  if ('reason' in read) {
    book.leave({ file, line: read.line }, '', read.reason);
    return;
  }
  const lines = linesOfHosts(document, counter);
  const run: Run = { book, file, placeOf: (name) => ({ file, line: lines.get(name) ?? 1 }) };
  for (const [name, group] of read.groups) readGroup(run, String(name), group, 0);
}

function readTop(document: ReturnType<typeof parseDocument>, counter: LineCounter): { readonly groups: ReadonlyMap<unknown, unknown> } | { readonly line: number; readonly reason: string } {
  const [error] = document.errors;
  if (error !== undefined) return { line: counter.linePos(error.pos[0]).line, reason: `it is no YAML: ${error.message.split('\n')[0] ?? ''}` };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100, mapAsMap: true });
    if (!(value instanceof Map)) return { line: 1, reason: 'an inventory is a mapping of groups' };
    return value.has('plugin') ? { line: 1, reason: 'it asks a plugin for hosts (a cloud or a script), which is not run; save what “ansible-inventory -i FILE --list --yaml” prints and import that' } : { groups: value };
  } catch (cause) {
    // An alias too many, by which a small file would become a large one.
    return { line: 1, reason: cause instanceof Error ? cause.message : String(cause) };
  }
}

type Run = { readonly book: InventoryBook; readonly file: string; readonly placeOf: (host: string) => Place };

function readGroup(run: Run, name: string, value: unknown, depth: number): void {
  const place = { file: run.file, line: run.placeOf(name).line };
  const problem = depth > MAX_DEPTH ? `groups are nested deeper than ${MAX_DEPTH}` : value === null || value === undefined || value instanceof Map ? null : 'a group is a mapping with hosts, vars and children; this is another kind of file, perhaps one of a plugin of its own';
  if (problem !== null) run.book.leave(place, name, problem);
  const group = problem === null ? run.book.group(name, place) : null;
  if (group === null || !(value instanceof Map)) return;
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
