import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { formatWaves, parseWaves } from '../../../shared/text/waves-text.ts';
import { must, parsePause, parseSeconds } from '../parse-arguments.ts';

export function addSettings(program: Command, context: CliContext): void {
  program
    .command('settings')
    .description('what holds in this workspace; with an option, change it')
    .option('--confirm-within <seconds>', 'with how many seconds a push or a rollback begins')
    .option('--waves <sizes>', 'how many hosts of a push go together, the rest at the end: 1,10%; all: at once')
    .option('--wave-pause <seconds>', 'between two waves')
    .action(async (options: { confirmWithin?: string; waves?: string; wavePause?: string }) => {
      const client = await context.client();
      const before = await client.workspace.settings({});
      const after = {
        confirmWithinSeconds: options.confirmWithin === undefined ? before.confirmWithinSeconds : parseSeconds('--confirm-within', options.confirmWithin),
        waves: options.waves === undefined ? before.waves : must('--waves', parseWaves(options.waves)),
        wavePauseSeconds: options.wavePause === undefined ? before.wavePauseSeconds : parsePause('--wave-pause', options.wavePause),
      };
      const settings = Object.keys(options).length === 0 ? before : await client.workspace.saveSettings(after);
      context.print(settings, `Confirm within: ${settings.confirmWithinSeconds} s\nWaves: ${formatWaves(settings.waves)}\nBetween waves: ${settings.wavePauseSeconds} s`);
    });
}
