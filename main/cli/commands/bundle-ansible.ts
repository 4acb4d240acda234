import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { formatAnsible } from '../format-automation.ts';
import { parseHostChoice } from '../parse-arguments.ts';

type Options = { out: string; note: string; console?: string[]; all?: true };

/** `bundle ansible`: signed rules in a collection, for hosts that a playbook reaches. */
export function addBundleAnsible(bundle: Command, context: CliContext): void {
  bundle
    .command('ansible [hosts...]')
    .description('signed rules of the draft as an Ansible collection, which installs, loads, proves and confirms on each host; its receipts come back with: bundle receipt')
    .requiredOption('--out <folder>', 'a folder that is new, empty, or of a former export')
    .option('--all', 'every host with SSH')
    .option('--console <address...>', 'from where the playbook’s machine and the console reach hosts, where that is not known yet; SSH is let in from there')
    .option('--note <text>', 'why, for the version', '')
    .action(async (words: string[], { out, note, console: consoles = [], all }: Options) => {
      const hosts = parseHostChoice(words, all ?? false);
      const made = await (await context.client()).exports.ansible({ hosts, note, folder: resolve(out), consoles });
      context.print(made, formatAnsible(made));
    });
}
