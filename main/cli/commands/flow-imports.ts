import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import { ImportFormat } from '../../../shared/model/flow-source.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatImport, formatSources } from '../format-imports.ts';
import { followProgress } from '../progress.ts';

type ImportOptions = { format: string; dryRun?: true };

export function addFlowImports(flows: Command, context: CliContext): void {
  const imports = flows
    .command('import')
    .description('flows of what has no agent, from a log; and what was imported')
    .argument('[file]', 'the log, plain or gzip')
    .option('--format <format>', `${ImportFormat.options.join(', ')}, or auto`, 'auto')
    .option('--dry-run', 'read all of it, show what it says, store nothing')
    .action((file: string | undefined, options: ImportOptions, command: Command) => (file === undefined ? command.help({ error: true }) : importFile(context, file, options)));
  imports
    .command('list')
    .description('sources that were imported, newest first')
    .action(async () => {
      const sources = await (await context.client()).flows.sources({});
      context.print(sources, sources.length === 0 ? 'Nothing was imported.' : formatSources(sources));
    });
  imports
    .command('remove <id>')
    .description('take a source out with all of its flows')
    .action(async (id: string) => {
      if (!/^[1-9]\d{0,9}$/.test(id)) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'id', message: `“${id}” is no number of a source; see: firebreak flows import list` }] });
      const done = await (await context.client()).flows.removeSource({ id: Number(id) });
      context.print(done, `Source ${id} and its flows are out.`);
    });
}

async function importFile(context: CliContext, file: string, options: ImportOptions): Promise<void> {
  const format = options.format === 'auto' ? null : ImportFormat.options.find((known) => known === options.format);
  if (format === undefined) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--format', message: `“${options.format}” is none of ${ImportFormat.options.join(', ')}, auto` }] });
  const client = await context.client();
  context.setInterruptNote('Stopped; nothing was stored.');
  const result = await followProgress(context, await client.flows.importLog({ path: resolve(file), format, dryRun: options.dryRun ?? false }));
  context.print(result, formatImport(result, options.dryRun ?? false));
  if (result.figures.flows === 0) context.setExitCode(EXIT.failed);
}
