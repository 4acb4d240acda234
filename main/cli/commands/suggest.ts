import { type Command, Option } from 'commander';
import { SuggestWidth } from '../../../shared/policy/suggest-options.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { parsePeer } from '../../../shared/text/peer-text.ts';
import type { CliContext } from '../context.ts';
import { formatSuggestions } from '../format-suggestions.ts';
import { must, parseSince } from '../parse-arguments.ts';

type SuggestOptions = { zone?: string; since?: string; maxWidth: SuggestWidth; wholeRoles?: true; setAside?: string[]; keepScanners?: true; apply?: true };

export function addSuggest(program: Command, context: CliContext): void {
  program
    .command('suggest')
    .description('rules that would explain what was seen')
    .option('--zone <name>', 'only for hosts of this zone')
    .option('--since <period>', 'only flows seen since, such as 7d')
    .addOption(new Option('--max-width <width>', 'how broad an end may be: role, app or zone').choices(SuggestWidth.options).default('role'))
    .option('--whole-roles', 'within an app too, name whole roles where only some of their hosts were seen')
    .option('--set-aside <peer...>', 'what comes from there is no reason for a rule: selector, host:NAME, CIDR …; can be repeated')
    .option('--keep-scanners', 'take what looks like a port scan as any other traffic')
    .option('--apply', 'add them to the draft')
    .action((options: SuggestOptions) => suggest(context, options));
}

async function suggest(context: CliContext, options: SuggestOptions): Promise<void> {
  const client = await context.client();
  const answer = await client.policy.suggest({
    zone: options.zone ?? null,
    sinceMs: parseSince(options.since, Date.now()),
    maxWidth: options.maxWidth,
    wholeRoles: options.wholeRoles ?? false,
    setAside: (options.setAside ?? []).map((text) => must('--set-aside', parsePeer(text))),
    keepScanners: options.keepScanners ?? false,
  });
  const { suggestions } = answer;
  const added = options.apply && suggestions.length > 0 ? await client.policy.addRules({ rules: suggestions.map((s) => s.rule) }) : [];
  const outcome = added.length > 0 ? [`Added ${countText(added.length, 'rule')} to the draft.`] : suggestions.length > 0 ? ['Nothing was changed; add them with --apply.'] : [];
  context.print({ ...answer, added }, [...formatSuggestions(answer, added.map(({ id }) => id)), ...outcome].join('\n'));
}
