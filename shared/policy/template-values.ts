import type { Issue } from '../errors.ts';
import type { Peer } from '../model/peer.ts';
import type { SelectorSet } from '../model/selector.ts';
import type { ServiceEntry } from '../model/service.ts';
import { failedWith, type Parsed, parsed } from '../text/parsed.ts';
import { parsePeer } from '../text/peer-text.ts';
import { parseSelectorSet } from '../text/selector-text.ts';
import { parseServiceEntries } from '../text/service-text.ts';
import type { Template, TemplateParameter } from './template.ts';

/** What a parameter stands for. `none` was chosen: whatever names it is left out, which is not the same as matching nobody. */
export type TemplateValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'end'; readonly peer: Peer }
  | { readonly kind: 'hosts'; readonly select: SelectorSet }
  | { readonly kind: 'ports'; readonly entries: readonly ServiceEntry[] };
export type TemplateValues = ReadonlyMap<string, TemplateValue>;

/** The text of one parameter as a value; what is wrong with it otherwise, without a path. */
export function parseTemplateValue(kind: TemplateParameter['kind'], text: string): Parsed<TemplateValue> {
  if (text.trim() === 'none') return parsed({ kind: 'none' });
  switch (kind) {
    case 'end': {
      const peer = parsePeer(text);
      return peer.ok ? parsed({ kind, peer: peer.value }) : peer;
    }
    case 'hosts': {
      const select = parseSelectorSet(text);
      return select.ok ? parsed({ kind, select: select.value }) : select;
    }
    case 'ports': {
      const entries = parseServiceEntries(text);
      return entries.ok ? parsed({ kind, entries: entries.value }) : entries;
    }
  }
}

/** Every parameter with what was given, or else its default. Issues, all at once, have the parameter's name as their path. */
export function readTemplateValues(template: Pick<Template, 'name' | 'parameters'>, given: Readonly<Record<string, string>>): Parsed<TemplateValues> {
  const names = template.parameters.map(({ name }) => name);
  const issues: Issue[] = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: name, message: `template ${template.name} has no parameter “${name}”; it has ${names.join(', ')}` }));
  const values = new Map<string, TemplateValue>();
  for (const parameter of template.parameters) {
    const text = Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined;
    const value = parseTemplateValue(parameter.kind, text ?? parameter.default);
    if (value.ok) values.set(parameter.name, value.value);
    else issues.push(...value.issues.map((issue) => ({ ...issue, path: parameter.name })));
  }
  return issues.length > 0 ? failedWith(issues) : parsed(values);
}
