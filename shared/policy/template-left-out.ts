import type { Template } from './template.ts';
import type { TemplateValues } from './template-values.ts';

/** Something of a template that was left out, and the parameters (`$name`) that are `none`. */
export type LeftOut = { readonly what: 'zone' | 'rule' | 'test'; readonly text: string; readonly parameters: readonly string[] };

/** The template without whatever names a parameter that is `none`, and what that was, in the template's own texts. */
export function leaveOut(template: Template, values: TemplateValues): { readonly kept: Template; readonly leftOut: readonly LeftOut[] } {
  const isNone = (text: string) => text.startsWith('$') && values.get(text.slice(1))?.kind === 'none';
  const serviceOf = new Map(template.services.map(({ name, entries }) => [name, entries]));
  const reasonOf = (text: string): string[] => {
    const entries = serviceOf.get(text);
    return [text, ...(typeof entries === 'string' ? [entries] : [])].filter(isNone);
  };
  const leftOut: LeftOut[] = [];
  const keep = (what: LeftOut['what'], text: string, names: readonly string[]): boolean => {
    const parameters = [...new Set(names.flatMap(reasonOf))];
    if (parameters.length > 0) leftOut.push({ what, text, parameters });
    return parameters.length === 0;
  };
  const kept = {
    ...template,
    zones: template.zones.filter((zone) => keep('zone', zone.name, [zone.select, ...(zone.onlyServices ?? [])])),
    rules: template.rules.filter((rule) => keep('rule', `${rule.action} ${rule.from} → ${rule.to} on ${rule.services.join(',')}`, [rule.from, rule.to, ...rule.services])),
    tests: template.tests.filter((test) => keep('test', `${test.from} ${test.expect === 'allow' ? 'can' : 'cannot'} reach ${test.to} on ${test.service}`, [test.from, test.to, test.service])),
  };
  return { kept, leftOut };
}
