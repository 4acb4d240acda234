import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { parseSeconds } from '../parse-arguments.ts';

export function addSettings(program: Command, context: CliContext): void {
  program
    .command('settings')
    .description('what holds in this workspace; with an option, change it')
    .option('--confirm-within <seconds>', 'with how many seconds a push or a rollback begins')
    .action(async (options: { confirmWithin?: string }) => {
      const client = await context.client();
      const before = await client.workspace.settings({});
      const settings = options.confirmWithin === undefined ? before : await client.workspace.saveSettings({ ...before, confirmWithinSeconds: parseSeconds('--confirm-within', options.confirmWithin) });
      context.print(settings, `Confirm within: ${settings.confirmWithinSeconds} s`);
    });
}
