import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import { RuleId } from '../../../shared/model/ids.ts';
import type { Rule } from '../../../shared/model/policy.ts';
import type { CliContext } from '../context.ts';

/** @throws INPUT_INVALID */
export function readRuleId(word: string): RuleId {
  const id = RuleId.safeParse(word);
  if (!id.success) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'id', message: `“${word}” is no rule id; firebreak rule list shows them` }] });
  return id.data;
}

/** `rule disable` and `rule enable`: the rules stay in the draft with all that they say. Several are one step to undo. */
export function addRuleState(rule: Command, context: CliContext): void {
  rule
    .command('disable <id...>')
    .description('keep the rules in the draft and let them count for nothing')
    .action((ids: string[]) => setState(context, ids, true));
  rule
    .command('enable <id...>')
    .description('let rules that were disabled count again')
    .action((ids: string[]) => setState(context, ids, false));
}

async function setState(context: CliContext, words: readonly string[], isDisabled: boolean): Promise<void> {
  const ids = words.map(readRuleId);
  const client = await context.client();
  const { rules } = (await client.policy.get({})).policy;
  const changed = ids.map((id): Rule => {
    const found = rules.find((rule) => rule.id === id);
    if (found === undefined) throw new FirebreakError('NOT_FOUND', { what: 'rule', name: id, known: rules.map((rule) => rule.id) });
    const { disabled: _, ...rest } = found;
    return isDisabled ? { ...rest, disabled: true } : rest;
  });
  await client.policy.updateRules({ rules: changed });
  context.print({ rules: ids, disabled: isDisabled }, `${isDisabled ? 'Disabled' : 'Enabled'} ${ids.join(', ')} in the draft; hosts follow with the next push.`);
}
