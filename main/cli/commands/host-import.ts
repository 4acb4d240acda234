import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { HostSource } from '../../../shared/contract/host-imports.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { COLUMN_MEANING_WORDS, parseColumnChoice } from '../../../shared/text/host-columns.ts';
import { parseLabelSource } from '../../../shared/text/label-source-text.ts';
import { parseLabels } from '../../../shared/text/label-text.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatHostImport } from '../format-host-import.ts';
import { must, parseIdentity } from '../parse-arguments.ts';

type Options = { from: string; column?: string[]; labelFrom?: string[]; user?: string; identity?: string; label?: string[]; only?: string[]; update?: true; dryRun?: true };

/** Options that may be given several times, one value each, so that files can stand behind them. */
export const repeated = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

/** `host` is the command that this one belongs to. */
export function addHostImport(host: Command, context: CliContext): void {
  host
    .command('import [files...]')
    .description('add the hosts of a CSV file, of OpenSSH client configurations (without a file: ~/.ssh/config) or of Ansible inventories (files or folders); nothing is connected to')
    .option('--from <kind>', 'csv, ssh-config or ansible', 'csv')
    .option('--column <head=meaning>', 'csv: what a column holds (name, ssh, identity, sudo, jump, labels, note, addresses, label:KEY, or - to leave it out); every other column says it by its head, and else is a label', repeated)
    .option('--label-from <key=source>', 'ansible: make a label of a variable (env=var:env_name) or of groups (role=group:web,db or role=group:*_servers)', repeated)
    .option('--user <name>', 'ansible: log in as, where the inventory names nobody (else who runs this)')
    .option('--identity <file>', 'private key file, “agent” or “password”, where the source names none (else agent)')
    .option('--label <k=v>', 'a label for every host of the source', repeated)
    .option('--only <name>', 'take this host, and its jump hosts, and leave the others', repeated)
    .option('--update', 'change hosts that are there to what the source says; nothing is taken away from them')
    .option('--dry-run', 'say what would be added, changed or refused, store nothing')
    .action(async (files: string[], options: Options) => {
      const source = await readSource(files, options);
      const [dryRun, update] = [options.dryRun ?? false, options.update ?? false];
      const labels = must('--label', parseLabels((options.label ?? []).join(',')));
      const result = await (await context.client()).hosts.importList({ source, labels, update, only: options.only ?? null, identity: options.identity === undefined ? null : parseIdentity(options.identity, false), dryRun });
      context.print(result, formatHostImport(result, { dryRun, update, kind: source.kind }));
      if (result.added.length + result.changed.length + result.known.length === 0) context.setExitCode(EXIT.failed);
    });
}

async function readSource(files: readonly string[], options: Options): Promise<HostSource> {
  refuseStrays(options);
  const paths = files.map((file) => resolve(file));
  switch (options.from) {
    case 'csv': {
      const [file, ...more] = files;
      if (file === undefined || more.length > 0) throw bad('files', 'give one CSV file, or say what it is: --from ssh-config, --from ansible');
      const columns = (options.column ?? []).map(readColumn);
      const text = await readFile(file, 'utf8').catch((error: Error) => {
        throw new FirebreakError('FILE_NOT_READABLE', { path: file, detail: error.message });
      });
      return { kind: 'csv', text, fileName: basename(file), columns };
    }
    case 'ssh-config':
      return { kind: 'ssh-config', paths: paths.length > 0 ? paths : [join(homedir(), '.ssh', 'config')] };
    case 'ansible':
      if (paths.length === 0) throw bad('files', 'give an inventory: a file, or a folder with group_vars and host_vars beside it');
      return { kind: 'ansible', paths, labels: (options.labelFrom ?? []).map((text) => must('--label-from', parseLabelSource(text))), user: options.user ?? null };
    default:
      throw bad('--from', `“${options.from}” is none of csv, ssh-config and ansible`);
  }
}

/** An option that does nothing for this kind of source was meant for something. */
function refuseStrays({ from, column, labelFrom, user }: Options): void {
  if (column !== undefined && from !== 'csv') throw bad('--column', 'only a CSV file has columns');
  if ((labelFrom !== undefined || user !== undefined) && from !== 'ansible') throw bad(labelFrom === undefined ? '--user' : '--label-from', 'it is for Ansible inventories: --from ansible');
}

function readColumn(text: string): NonNullable<ReturnType<typeof parseColumnChoice>> {
  const choice = parseColumnChoice(text);
  if (choice === null) throw bad('--column', `“${text}” is not HEAD=MEANING; a meaning is ${COLUMN_MEANING_WORDS}`);
  return choice;
}

const bad = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });
