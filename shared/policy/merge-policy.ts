import type { Policy } from '../model/policy.ts';
import { mergeOrder } from './merge-order.ts';
import { listNames, SECTIONS, type SectionName } from './policy-sections.ts';

/** What both sides changed, and not to the same; each side as people read it, null where it is not there. */
export type MergeConflict = {
  readonly section: SectionName;
  readonly what: string;
  readonly name: string;
  readonly base: string | null;
  readonly draft: string | null;
  readonly file: string | null;
};

/** `draft` and `file` come from `base`, each with edits of its own. */
export type MergeInput = { readonly base: Policy; readonly draft: Policy; readonly file: Policy };

/** Which side is taken where both changed the same object. With `none`, conflicts are given back and the draft's side stands in for them. */
export type MergePreference = 'none' | 'draft' | 'file';

/**
 * Object by object: what one side changed is taken, what both changed to the same is taken once, and what both changed differently is a conflict (none when
 * a side is preferred). Objects are compared as wholes: who changes the owner of a rule must know what it allows by then. The order of zones is one more
 * object; new ones stand behind what they stood behind, the draft's before the file's.
 */
export function mergePolicies(input: MergeInput, prefer: MergePreference): { readonly policy: Policy; readonly conflicts: readonly MergeConflict[] } {
  const conflicts: MergeConflict[] = [];
  const policy: Policy = {
    zones: mergeSection('zones', input, prefer, conflicts),
    rules: mergeSection('rules', input, prefer, conflicts),
    services: mergeSection('services', input, prefer, conflicts),
    ipLists: mergeSection('ipLists', input, prefer, conflicts),
    tests: mergeSection('tests', input, prefer, conflicts),
    containments: mergeSection('containments', input, prefer, conflicts),
  };
  return { policy, conflicts };
}

function mergeSection<Name extends SectionName>(section: Name, input: MergeInput, prefer: MergePreference, conflicts: MergeConflict[]): Policy[Name][number][] {
  type Item = Policy[Name][number];
  const byName = (policy: Policy): Map<string, Item> => {
    const items: readonly Item[] = policy[section];
    const names = listNames(section, policy[section]);
    return new Map(items.map((item, i): [string, Item] => [names[i] ?? '', item]));
  };
  const [base, draft, file] = [byName(input.base), byName(input.draft), byName(input.file)];
  const { what, describe } = SECTIONS[section];
  const text = (item: Item | undefined): string | null => (item === undefined ? null : describe(item));
  const merged = new Map<string, Item>();
  for (const name of new Set([...draft.keys(), ...file.keys()])) {
    const [was, ours, theirs] = [base.get(name), draft.get(name), file.get(name)];
    const isConflict = !isSame(ours, theirs) && !isSame(was, ours) && !isSame(was, theirs);
    const takesFile = isConflict ? prefer === 'file' : isSame(was, ours);
    if (isConflict && prefer === 'none') conflicts.push({ section, what, name, base: text(was), draft: text(ours), file: text(theirs) });
    const taken = takesFile ? theirs : ours;
    if (taken !== undefined) merged.set(name, taken);
  }
  const order = mergeOrder({ base: [...base.keys()], draft: [...draft.keys()], file: [...file.keys()] }, new Set(merged.keys()), prefer);
  if (order.isConflict && section === 'zones' && prefer === 'none')
    conflicts.push({ section, what: 'zone-order', name: 'order of zones', base: [...base.keys()].join(', '), draft: [...draft.keys()].join(', '), file: [...file.keys()].join(', ') });
  return order.names.flatMap((name) => merged.get(name) ?? []);
}

/** Equal as JSON values, whatever the order of keys. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [new Map<string, unknown>(Object.entries(a)), new Map<string, unknown>(Object.entries(b))];
  return left.size === right.size && [...left].every(([key, value]) => right.has(key) && isSame(value, right.get(key)));
}
