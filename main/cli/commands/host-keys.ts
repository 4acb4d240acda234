import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { FirebreakError } from '../../../shared/errors.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { parseHostChoice } from '../parse-arguments.ts';
import { formatKeyLists, formatListedHosts, readKeyLists } from '../read-key-lists.ts';
import { openWholeFile } from '../whole-file.ts';

/** `host` is the command that these belong to. */
export function addHostKeys(host: Command, context: CliContext): void {
  const keys = host.command('keys').description('which keys hosts are to show, by lists that you have');
  keys
    .command('import [files...]')
    .description('take known_hosts files, or lines NAME SHA256:…, as what hosts are to show (without a file: ~/.ssh/known_hosts); nothing is connected to and nothing pinned (exit 3 when a pinned key is another, or revoked)')
    .option('--dry-run', 'say what they hold, store nothing')
    .action(async (files: string[], options: { dryRun?: true }) => {
      const dryRun = options.dryRun ?? false;
      const lists = await readKeyLists(files);
      const result = await (await context.client()).hostKeys.importLists({ lists, dryRun });
      context.print(result, formatKeyLists(result, dryRun));
      if (result.hosts.some(({ agrees }) => agrees === 'no' || agrees === 'revoked')) context.setExitCode(EXIT.gate);
      else if (result.hosts.length === 0) context.setExitCode(EXIT.failed);
    });
  keys
    .command('list')
    .description('what imported lists say, host by host')
    .action(async () => {
      const listed = await (await context.client()).hostKeys.listed({});
      const without = listed.without.length === 0 ? '' : `\n\nIn no list: ${listed.without.join(', ')}`;
      context.print(listed, listed.hosts.length === 0 ? 'No list names a host. Import one: firebreak host keys import FILE' : `${formatListedHosts(listed.hosts, 'LIST')}${without}`);
    });
  keys
    .command('forget [hosts...]')
    .description('forget what lists say of these hosts, also what they revoked; pinned keys stay')
    .option('--all', 'every managed host')
    .action(async (words: string[], options: { all?: true }) => {
      const result = await (await context.client()).hostKeys.forget({ hosts: parseHostChoice(words, options.all ?? false) });
      context.print(result, `Forgot ${result.keys} listed ${result.keys === 1 ? 'key' : 'keys'}; pinned keys stay.`);
    });
  keys
    .command('export [file]')
    .description('pinned keys as known_hosts, for ssh itself: ssh -o UserKnownHostsFile=FILE')
    .option('--replace', 'write over a file that is there')
    .action((file: string | undefined, options: { replace?: true }) => exportKeys(context, file, options.replace ?? false));
}

async function exportKeys(context: CliContext, file: string | undefined, replace: boolean): Promise<void> {
  // Somebody's own known_hosts has more than the hosts of one workspace.
  if (file !== undefined && !replace && existsSync(file)) throw new FirebreakError('FILE_NOT_WRITABLE', { path: file, detail: 'it is there already, and what it has would be lost; name a new file, or give --replace' });
  const result = await (await context.client()).hostKeys.exportText({});
  if (file === undefined) context.print(result, result.text.trimEnd());
  else {
    await writeText(file, result.text);
    context.print({ ...result, file }, `Wrote the keys of ${result.hosts} ${result.hosts === 1 ? 'host' : 'hosts'} to ${file}.`);
  }
  if (result.without.length === 0) return;
  context.progress(`Left out, because only fingerprints of their keys are known, or their address cannot be written there: ${result.without.join(', ')}. To have the keys read again: firebreak host trust --all`);
  context.setExitCode(EXIT.failed);
}

async function writeText(path: string, text: string): Promise<void> {
  const file = await openWholeFile(path);
  try {
    await file.append(text);
    await file.finish();
  } finally {
    await file.drop();
  }
}
