import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { parseSince } from '../parse-arguments.ts';
import { formatTable } from '../table.ts';

export function addKpiCommand(program: Command, context: CliContext): void {
  program
    .command('kpi')
    .description('figures about the policy: coverage, accuracy, false positives, time to block …, each with its formula')
    .option('--since <period>', 'such as 90d; 30 days when left out')
    .action(async (options: { since?: string }) => {
      const report = await (await context.client()).reports.kpi({ sinceMs: parseSince(options.since, Date.now()) });
      const day = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
      const rows = report.kpis.map(({ title, text, formula, limits }) => [title, text, limits === '' ? formula : `${formula} [${limits}]`]);
      context.print(report, `${day(report.fromMs)} to ${day(report.toMs)}\n${formatTable(['FIGURE', 'VALUE', 'HOW IT IS COMPUTED [WHAT IT LEAVES OUT]'], rows)}`);
    });
}
