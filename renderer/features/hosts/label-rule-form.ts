import { checkLabelRule } from '../../../shared/labels/check-label-rule.ts';
import type { LabelRule } from '../../../shared/model/label-rule.ts';
import {
  parseFacts,
  parseLabelNetworks,
  parseNamePatterns,
  parseTemplates,
  printFacts,
  printNamePatterns,
  printNetworks,
  printTemplates,
} from '../../../shared/text/label-rule-text.ts';
import { issueText } from '../../editors/typed-text.ts';

/** What is typed for a label rule; an empty text is no condition. */
export type LabelRuleTexts = { readonly labels: string; readonly names: string; readonly networks: string; readonly facts: string; readonly note: string };

export const EMPTY_LABEL_RULE: LabelRuleTexts = { labels: '', names: '', networks: '', facts: '', note: '' };

export const textsOf = (rule: Omit<LabelRule, 'id'>): LabelRuleTexts => ({
  labels: printTemplates(rule.labels).replaceAll(',', ' '),
  names: printNamePatterns(rule.names),
  networks: printNetworks(rule.networks),
  facts: printFacts(rule.facts),
  note: rule.note,
});

type Errors = { readonly [Field in keyof LabelRuleTexts]: string | null };

/** `rule` is null while something is wrong. Fields that nothing was typed into complain only when `isComplete` is asked for. Pure. */
export function readLabelRule(texts: LabelRuleTexts, { isComplete }: { readonly isComplete: boolean }): { readonly rule: Omit<LabelRule, 'id'> | null; readonly errors: Errors } {
  const [labels, names, networks, facts] = [parseTemplates(texts.labels), parseNamePatterns(texts.names), parseLabelNetworks(texts.networks), parseFacts(texts.facts)];
  const typed: Errors = { labels: issueText(labels), names: issueText(names), networks: issueText(networks), facts: issueText(facts), note: texts.note.length > 500 ? 'a note has 500 characters at most' : null };
  if (!labels.ok || !names.ok || !networks.ok || !facts.ok || typed.note !== null) return { rule: null, errors: typed };
  const rule = { labels: labels.value, names: names.value, networks: networks.value, facts: facts.value, note: texts.note.trim() };
  const issues = checkLabelRule(rule);
  const about = (field: keyof LabelRuleTexts) => {
    const own = issues.filter(({ path }) => path === field).map(({ message }) => message);
    return own.length === 0 || (texts[field].trim() === '' && !isComplete) ? null : own.join('\n');
  };
  return { rule: issues.length === 0 ? rule : null, errors: { ...typed, labels: about('labels'), names: about('names') } };
}
