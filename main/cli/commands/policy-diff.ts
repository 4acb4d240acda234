import type { Command } from 'commander';
import { sharedFlipLines } from '../../../shared/text/flip-text.ts';
import type { CliContext } from '../context.ts';
import { describeRow } from '../format-plan.ts';
import { parseSince } from '../parse-arguments.ts';
import { formatTime } from '../table.ts';

export function addPolicyDiff(policy: Command, context: CliContext): void {
  policy
    .command('diff')
    .description('what the draft changes against the newest version, and which seen flows each change flips by itself')
    .option('--since <period>', 'flows of this period, such as 7d or an ISO date; 30 days when left out')
    .action((options: { since?: string }) => diffDraft(context, options));
}

async function diffDraft(context: CliContext, options: { since?: string }): Promise<void> {
  const client = await context.client();
  const [changes, flips] = [await client.policy.changes({}), await client.policy.flips({ sinceMs: parseSince(options.since, Date.now()) })];
  const lines = [...changes.flatMap((row) => describeRow(row, flips)), ...sharedFlipLines(flips), `Judged: ${flips.flows} distinct flows since ${formatTime(flips.sinceMs)}.`];
  context.print({ changes, flips }, changes.length === 0 ? 'The draft is what the newest version is.' : lines.join('\n'));
}
