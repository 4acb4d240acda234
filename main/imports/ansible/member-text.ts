import type { FleetMember } from './host-variables.ts';
import { MISSING, renderTemplate } from './render-template.ts';
import type { Scope } from './template-expression.ts';
import { isList, printValue, type TemplateValue } from './template-value.ts';
import { isVaulted } from './vaulted.ts';

const MAX_DEPTH = 6;

/** What a variable says: `undefined` where the host has none or it is empty, `unknown` where the files alone do not tell. */
export type MemberText = { readonly text: string } | { readonly unknown: string } | undefined;

/** A variable of a host as one text, templates in it worked out as far as the files tell. */
export function memberText(member: FleetMember, name: string): MemberText {
  const value = member.variables.get(name);
  if (value === undefined || value === null || value === '') return undefined;
  if (isVaulted(value)) return { unknown: 'is encrypted by Ansible Vault' };
  if (typeof value === 'object') return { unknown: 'is no single value' };
  const text = printValue(value);
  if (!text.includes('{{') && !text.includes('{%')) return { text };
  const { text: made, problems } = renderTemplate(text, { scope: scopeOf(member, 0), include: () => null });
  return problems.length > 0 || made.includes(MISSING) || isVaulted(made) ? { unknown: 'is a template that the files alone do not tell' } : { text: made };
}

/** Values that are templates themselves are worked out when they are asked for, as Ansible does. */
function scopeOf(member: FleetMember, depth: number): Scope {
  const resolve = (value: TemplateValue): TemplateValue => {
    if (isList(value)) return value.map(resolve);
    if (isVaulted(value)) return undefined;
    if (typeof value !== 'string' || !value.includes('{{') || depth >= MAX_DEPTH) return value;
    const { text, problems } = renderTemplate(value, { scope: scopeOf(member, depth + 1), include: () => null });
    return problems.length > 0 ? undefined : text;
  };
  return (name) => {
    if (name === 'inventory_hostname') return member.name;
    if (name === 'inventory_hostname_short') return member.name.split('.')[0] ?? member.name;
    return name === 'group_names' ? [...member.groups].sort() : resolve(member.variables.get(name));
  };
}
