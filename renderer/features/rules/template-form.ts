import type { Template } from '../../../shared/policy/template.ts';
import { parseTemplateValue, type TemplateValue } from '../../../shared/policy/template-values.ts';
import { issueText } from '../../editors/typed-text.ts';

/** What was typed for parameters, by name; those that are not in it have their default. */
export type TemplateTexts = Readonly<Record<string, string>>;

export type TemplateField = {
  readonly name: string;
  /** Begins with a capital letter, as labels do. */
  readonly label: string;
  readonly text: string;
  /** Null while the text is wrong; `error` then says what to write. */
  readonly value: TemplateValue | null;
  readonly error: string | null;
};

/** The parameters as fields, in the template's order. */
export const readTemplateFields = (template: Pick<Template, 'parameters'>, texts: TemplateTexts): TemplateField[] =>
  template.parameters.map(({ name, what, kind, default: byDefault }) => {
    const text = texts[name] ?? byDefault;
    const value = parseTemplateValue(kind, text);
    return { name, label: what.charAt(0).toUpperCase() + what.slice(1), text, value: value.ok ? value.value : null, error: issueText(value) };
  });
