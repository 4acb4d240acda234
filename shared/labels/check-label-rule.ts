import type { Issue } from '../errors.ts';
import type { LabelRule } from '../model/label-rule.ts';
import { listWords } from './name-pattern.ts';

/** What the schema cannot say; empty: the rule is sound. `path` is the field of the rule. */
export function checkLabelRule(rule: Omit<LabelRule, 'id' | 'note'>): Issue[] {
  const issues: Issue[] = [];
  const say = (path: string, message: string) => issues.push({ path, message });
  if (rule.names === null && rule.networks === null && rule.facts === null) say('names', 'a label rule needs a condition: a name pattern, a network or a fact (every host: the name pattern *)');
  if (Object.keys(rule.labels).length === 0) say('labels', 'a label rule gives at least one label, such as role=db');
  for (const pattern of rule.names ?? []) {
    const words = listWords(pattern);
    const twice = words.find((word, i) => words.indexOf(word) !== i);
    if (twice !== undefined) say('names', `“${pattern}” finds {${twice}} twice; call one of them otherwise`);
  }
  for (const [key, template] of Object.entries(rule.labels)) {
    for (const word of new Set(listWords(template))) {
      const without = rule.names === null ? 'there is no name pattern' : rule.names.find((pattern) => !listWords(pattern).includes(word));
      if (without !== undefined) say('labels', `${key}=${template} takes over {${word}}, ${rule.names === null ? 'but there is no name pattern that finds it' : `which the name pattern “${without}” does not find`}`);
    }
  }
  return issues;
}
