import { isMap, isNode, isPair, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { z } from 'zod';
import type { Policy } from '../model/policy.ts';
import { toPolicyFile } from './policy-file-text.ts';
import { listNames, SECTIONS, tellApart } from './policy-sections.ts';

/**
 * What people wrote beside one thing. `before`: the lines above, without their `#` ('' is an empty line); `after`: behind it on its line; `end`: below the
 * last line of a list or object, inside of it; `space`: an empty line above.
 */
const Comment = z.strictObject({ space: z.literal(true).optional(), before: z.array(z.string()).optional(), after: z.string().optional(), end: z.array(z.string()).optional() });
export type Comment = z.infer<typeof Comment>;

/**
 * The comments of a policy file, by the address of what they are about (`rules > r_… > services > tcp/443`). They belong to the object and not to a line, so
 * that an edit elsewhere moves them along and one that removes the object removes them. '' is the file as a whole.
 */
export const PolicyComments = z.record(z.string(), Comment);
export type PolicyComments = z.infer<typeof PolicyComments>;

/** The address of the file as a whole. */
export const WHOLE_FILE = '';

/**
 * Something in a file that a comment can be about: a key (`node` is the key), an object or a short text of a list (`node` is that itself). `parents` are the
 * addresses around it, outermost first. The first key of an object, and of the file, has no `before` of its own: it is the object's.
 */
export type Place = {
  readonly kind: 'key' | 'object' | 'entry';
  readonly address: string;
  readonly beforeAddress: string;
  readonly parents: readonly string[];
  readonly node: Node;
  readonly value: Node | null;
  readonly isFirst: boolean;
};

const addressOf = (path: readonly string[]): string => path.join(' > ');

/** All places of a document that holds this policy, object by object in the same order; in the order of their lines. Keys that are not the policy's are passed over. */
export function* listPlaces(contents: Node | null, policy: Policy): Generator<Place> {
  if (!isMap(contents)) return;
  const file: unknown = toPolicyFile(policy);
  for (const field of listFields(contents, [], undefined)) {
    yield field;
    const section = field.address;
    if (!isSection(section) || !isSeq(field.value)) continue;
    const names = listNames(section, policy[section]);
    for (const [i, item] of field.value.items.entries()) {
      if (!isMap(item)) continue;
      const path = [section, names[i] ?? ''];
      const address = addressOf(path);
      yield { kind: 'object', address, beforeAddress: address, parents: [WHOLE_FILE, section], node: item, value: item, isFirst: i === 0 };
      yield* listFields(item, path, childOf(childOf(file, section), i));
    }
  }
}

const isSection = (key: string): key is keyof Policy => Object.hasOwn(SECTIONS, key);

function childOf(parent: unknown, key: string | number): unknown {
  return typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined;
}

function* listFields(map: YAMLMap, parent: readonly string[], exported: unknown): Generator<Place> {
  const parents = [WHOLE_FILE, ...parent.map((_, i) => addressOf(parent.slice(0, i + 1)))];
  for (const [i, pair] of map.items.entries()) {
    if (!isPair(pair) || !isScalar(pair.key)) continue;
    const address = addressOf([...parent, String(pair.key.value)]);
    const value = isNode(pair.value) ? pair.value : null;
    yield { kind: 'key', address, beforeAddress: i === 0 ? addressOf(parent) : address, parents, node: pair.key, value, isFirst: i === 0 };
    if (isSeq(value)) yield* listEntries(value.items, [...parents, address], childOf(exported, String(pair.key.value)));
  }
}

/** Short texts of a list, known by what they say in an export (`FD00::/32` is written `fd00::/32` there). */
function* listEntries(items: readonly unknown[], parents: readonly string[], exported: unknown): Generator<Place> {
  const scalars = items.filter((item) => isScalar(item));
  const names = tellApart(scalars.map((item, i) => String(childOf(exported, i) ?? item.value)));
  for (const [i, node] of scalars.entries()) {
    const address = `${parents.at(-1) ?? ''} > ${names[i] ?? ''}`;
    yield { kind: 'entry', address, beforeAddress: address, parents, node, value: node, isFirst: i === 0 };
  }
}
