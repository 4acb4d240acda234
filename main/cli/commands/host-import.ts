import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { HostImportResult } from '../../../shared/contract/host-imports.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { printLabels } from '../../../shared/text/label-text.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../table.ts';

/** `host` is the command that this one belongs to. */
export function addHostImport(host: Command, context: CliContext): void {
  host
    .command('import <file>')
    .description('add the hosts of a CSV file (columns: name, address or ssh, identity, sudo, jump, labels, note; every other column is a label)')
    .option('--dry-run', 'say what would come of each row, store nothing')
    .action(async (file: string, options: { dryRun?: true }) => {
      const text = await readFile(file, 'utf8').catch((error: Error) => {
        throw new FirebreakError('FILE_NOT_READABLE', { path: file, detail: error.message });
      });
      const dryRun = options.dryRun ?? false;
      const result = await (await context.client()).hosts.importList({ text, fileName: basename(file), dryRun });
      context.print(result, formatHostImport(result, dryRun));
      if (result.added.length + result.known.length === 0) context.setExitCode(EXIT.failed);
    });
}

function formatHostImport({ rows, added, known, refused, labelColumns, ignoredColumns }: HostImportResult, isDryRun: boolean): string {
  const parts = [`${countText(rows, 'row')}: ${added.length} ${isDryRun ? 'to add' : 'added'}, ${known.length} there already, ${refused.length} refused.`];
  if (labelColumns.length > 0) parts.push(`Labels from the columns ${labelColumns.join(', ')}.`);
  if (ignoredColumns.length > 0) parts.push(`Left out, because no label can be called that: ${ignoredColumns.join(', ')}.`);
  if (refused.length > 0) parts.push('', formatTable(['LINE', 'NAME', 'REFUSED BECAUSE'], refused.map(({ line, name, reason }) => [String(line), name, reason])));
  if (added.length > 0) parts.push('', formatTable(['HOST', 'KIND', 'ADDRESSES', 'LABELS'], added.map((host) => [host.name, host.managed ? 'over SSH' : 'unmanaged', host.addresses.join(' ') || '-', printLabels(host.labels) || '-'])));
  if (isDryRun) parts.push('', 'Dry run: nothing was stored.');
  else if (added.some(({ managed }) => managed)) parts.push('', 'Next, for those over SSH: firebreak host trust NAME');
  return parts.join('\n');
}
