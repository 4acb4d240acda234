import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import { RuleId } from '../../../shared/model/ids.ts';
import type { CliContext } from '../context.ts';
import { formatTable, formatTime } from '../table.ts';

export function addRuleHistory(rule: Command, context: CliContext): void {
  rule
    .command('history <id>')
    .description('who added, changed or removed the rule, when, and in which versions; of rules that are gone, too')
    .action(async (word: string) => {
      const id = RuleId.safeParse(word);
      if (!id.success) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'id', message: `“${word}” is no rule id; firebreak rule list shows them` }] });
      const events = await (await context.client()).policy.ruleHistory({ id: id.data });
      const rows = events.map((event) => [formatTime(event.atMs), event.by, event.version === null ? 'draft' : `version ${event.version}`, event.what, event.note, event.after ?? event.before ?? '']);
      context.print(events, events.length === 0 ? `Rule ${word} was neither edited nor pushed yet.` : formatTable(['WHEN', 'BY', 'WHERE', 'WHAT', 'NOTE', 'READS'], rows));
    });
}
