import type { BlameRow, RuleEvent } from '../contract/policy-files.ts';
import type { PolicyVersionId, RuleId } from '../model/ids.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { describeRule, describeRuleShort } from './describe.ts';

/** A version of the policy with its rules only. */
export type RuleVersion = { readonly id: PolicyVersionId; readonly author: string; readonly note: string; readonly createdAtMs: number; readonly rules: readonly Rule[] };

/** The versions in which the rule appeared, changed or went, oldest first; `versions` ascending. Empty when none has it. */
export function listRuleChanges(id: RuleId, versions: readonly RuleVersion[]): RuleEvent[] {
  let before: string | null = null;
  return versions.flatMap((version): RuleEvent[] => {
    const rule = version.rules.find((each) => each.id === id);
    const [was, after] = [before, rule === undefined ? null : describeRule(rule)];
    before = after;
    if (was === after) return [];
    const what = was === null ? 'added' : after === null ? 'removed' : 'changed';
    return [{ atMs: version.createdAtMs, by: version.author, version: version.id, what, before: was, after, note: version.note }];
  });
}

/** For each rule of the draft the version since which it reads as it does now, in the order of the draft; a version may have had it otherwise in between. */
export function blameRules(draft: Policy, versions: readonly RuleVersion[]): Omit<BlameRow, 'by'>[] {
  const since = new Map<RuleId, { text: string; version: RuleVersion }>();
  for (const version of versions) {
    const here = new Map(version.rules.map((rule) => [rule.id, describeRule(rule)]));
    for (const id of [...since.keys()]) if (!here.has(id)) since.delete(id);
    for (const [id, text] of here) if (since.get(id)?.text !== text) since.set(id, { text, version });
  }
  return draft.rules.map((rule) => {
    const known = since.get(rule.id);
    const version = known?.text === describeRule(rule) ? known.version : null;
    return { rule: rule.id, text: describeRuleShort(rule), version: version?.id ?? null, atMs: version?.createdAtMs ?? null, note: version?.note ?? '' };
  });
}
