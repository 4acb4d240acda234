import type { Rule } from '../../../shared/model/policy.ts';
import { parseDate } from '../../../shared/text/date-text.ts';
import { formOfRule, readRuleForm, type RuleForm } from '../../editors/rule-form.ts';
import { issueText } from '../../editors/typed-text.ts';
import type { CellField } from './rule-cells.ts';

type CellReading = { readonly ok: true; readonly rule: Rule } | { readonly ok: false; readonly error: string };

/** The rule with what was typed into one of its cells, or what is wrong with that. Everything else of the rule stays. */
export function readCell(rule: Rule, field: CellField, typed: string): CellReading {
  const text = typed.trim();
  if (field === 'action') {
    if (text !== 'allow' && text !== 'deny') return { ok: false, error: `“${text}” is no action; write allow or deny` };
    return readForm(rule, { ...formOfRule(rule), action: text }, field);
  }
  if ((field === 'reviewOn' || field === 'expiresOn') && text !== '') {
    const error = issueText(parseDate(text));
    if (error !== null) return { ok: false, error };
  }
  return readForm(rule, { ...formOfRule(rule), [field]: text }, field);
}

function readForm(rule: Rule, form: RuleForm, field: CellField): CellReading {
  const read = readRuleForm(form, rule);
  if (read.rule !== null) return { ok: true, rule: { ...read.rule, id: rule.id } };
  const { errors } = read;
  const own = field === 'from' || field === 'to' || field === 'services' || field === 'schedule' ? errors[field] : null;
  return { ok: false, error: own ?? errors.other ?? 'this cannot be read; open the rule to see all of its fields' };
}

/** The same rule, which counts for nothing or counts again. */
export function withState({ disabled: _, ...rule }: Rule, isDisabled: boolean): Rule {
  return isDisabled ? { ...rule, disabled: true } : rule;
}
