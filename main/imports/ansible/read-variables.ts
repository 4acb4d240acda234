import { parseDocument } from 'yaml';
import type { TemplateValue } from './template-value.ts';
import { ANSIBLE_YAML } from './yaml-of-ansible.ts';

export type Variables = ReadonlyMap<string, TemplateValue>;

/** Variables of one YAML file. What is no mapping has none; problems come as a sentence. Aliases are not followed far, so that no file grows in memory. */
export function readVariables(text: string): { variables: Variables; problem: string | null } {
  const document = parseDocument(text, ANSIBLE_YAML);
  let value: unknown = null;
  let problem = document.errors[0]?.message.split('\n')[0] ?? null;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  const plain = toTemplateValue(value, 0);
  return { variables: plain instanceof Map ? plain : new Map<string, TemplateValue>(), problem };
}

const MAX_DEPTH = 12;

/** Mappings become maps, so that no name of a file can be one of JavaScript's own. */
export function toTemplateValue(value: unknown, depth: number): TemplateValue {
  if (depth > MAX_DEPTH) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Map) return new Map([...value].map(([name, one]) => [String(name), toTemplateValue(one, depth + 1)]));
  if (Array.isArray(value)) return value.map((one) => toTemplateValue(one, depth + 1));
  if (typeof value !== 'object' || value === null) return null;
  return new Map(Object.entries(value).map(([name, one]) => [name, toTemplateValue(one, depth + 1)]));
}
