import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { ImageTarget } from '../../../shared/contract/automation.ts';
import type { CliContext } from '../context.ts';
import { formatImages } from '../format-automation.ts';
import { parseHostChoice } from '../parse-arguments.ts';

type Options = { for: ImageTarget; out: string; note: string; console?: string[]; agentInImage?: true };

/** `agent image`: a new host is in its zone from its first boot. */
export function addAgentImage(agent: Command, context: CliContext): void {
  agent
    .command('image [hosts...]')
    .description('what puts the agent into images, and the rules of hosts that are to be made into their first boot')
    .addOption(new Option('--for <target>', 'cloud-init and terraform: user data of the named hosts; ansible and dockerfile: an image, without hosts').choices(ImageTarget.options).makeOptionMandatory())
    .requiredOption('--out <folder>', 'where the files are written')
    .option('--agent-in-image', 'the image has the agent (ansible, dockerfile): user data of some kilobytes, and rules before sshd')
    .option('--console <address...>', 'from where the console will reach the hosts; SSH is let in from there')
    .option('--note <text>', 'why, for the version', '')
    .action(async (words: string[], { for: target, out, note, console: consoles = [], agentInImage }: Options) => {
      const hosts = words.length === 0 ? null : parseHostChoice(words, false);
      const made = await (await context.client()).exports.images({ target, hosts, note, folder: resolve(out), consoles, isAgentInImage: agentInImage ?? false });
      context.print(made, formatImages(target, made));
    });
}
