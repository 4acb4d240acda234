import type { Command } from 'commander';
import type { KeptLogin, SecretKind } from '../../../shared/contract/logins.ts';
import type { CliContext } from '../context.ts';
import { formatTable, formatTime } from '../table.ts';

const KIND: Readonly<Record<SecretKind, string>> = { 'ssh-password': 'SSH password', 'sudo-password': 'sudo password', 'key-passphrase': 'passphrase' };

export function addKeychainCommands(program: Command, context: CliContext): void {
  const keychain = program.command('keychain').description('logins that the window keeps in this computer’s keychain; the command line reads none of them and asks');
  keychain
    .command('list')
    .description('what is kept, for whom and since when; never the secrets')
    .action(async () => {
      const view = await (await context.client()).logins.keychain({});
      const rows = view.kept.map((kept) => [kept.id, KIND[kept.kind], kept.subject, kept.login ?? '-', formatTime(kept.keptAtMs), noteOn(kept)]);
      context.print(view, rows.length === 0 ? 'Nothing is kept.' : formatTable(['ID', 'WHAT', 'FOR', 'LOGIN', 'SINCE', 'NOTE'], rows));
    });
  keychain
    .command('forget <id>')
    .description('keep one no longer; the next window asks for it')
    .action(async (id: string) => {
      const view = await (await context.client()).logins.forget({ id });
      context.print(view, `Forgotten. ${view.kept.length === 0 ? 'Nothing is kept now.' : `${view.kept.length} still kept.`}`);
    });
}

const noteOn = ({ isOfThisWorkspace, problem }: KeptLogin): string => (isOfThisWorkspace ? (problem ?? '-') : 'of another workspace');
