import { writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { HostChoice } from '../../../shared/contract/host-choice.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { LoginName, printCompatibility, UninstallRules } from '../../../shared/model/compatibility.ts';
import { printSudoers } from '../../../shared/text/sudoers-text.ts';
import type { CliContext, Client } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { parseHostChoice } from '../parse-arguments.ts';
import { addAgentImage } from './agent-image.ts';
import { addCollect } from './collect.ts';
import { printManyHosts } from '../format-many.ts';
import { followProgress } from '../progress.ts';
import { unlockHosts } from '../unlock-hosts.ts';

type Verb = 'install' | 'uninstall' | 'status';
type Options = { all?: true; replace?: true; adopt?: true; allowDowngrade?: true; as?: string; rules?: UninstallRules };

export function addAgentCommands(program: Command, context: CliContext): void {
  const agent = program.command('agent').description('the agent on hosts');
  const verbs: [string, Verb, string][] = [
    ['install', 'install', 'install the agent, or repair it; it only observes'],
    ['upgrade', 'install', 'bring the agent to this console’s version'],
    ['uninstall', 'uninstall', 'remove agent, rules and every file of ours'],
    ['status', 'status', 'read back what each host runs'],
  ];
  for (const [name, verb, description] of verbs) {
    const command = agent
      .command(`${name} [hosts...]`)
      .description(description)
      .option('--all', 'every managed host')
      .action((words: string[], options: Options) => overHosts(context, verb, parseHostChoice(words, options.all ?? false), options));
    if (name === 'install') {
      command.option('--adopt', 'take over a host of another workspace, or key: its rules stay until the next push');
      command.option('--replace', 'take over a host of another workspace, or key: its rules are dropped');
    }
    if (name === 'upgrade') command.option('--allow-downgrade', 'also to an older version');
    if (name === 'uninstall') {
      const endings = new Option('--rules <ending>', 'remove them; leave them, also over reboots; or restore what was there before the install').choices(UninstallRules.options).default('remove');
      command.addOption(endings);
    }
    if (name !== 'status') command.option('--as <user>', 'log in as this user, for this command only (root, where the usual login may only run the agent)');
  }
  addCheckCommand(agent, context);
  addAgentImage(agent, context);
  agent
    .command('sudoers')
    .description('print a sudoers file for a login that may run the agent and nothing else, and how to make it')
    .option('--user <name>', 'the login', 'firebreak')
    .action((options: { user: string }) => {
      if (!LoginName.safeParse(options.user).success) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--user', message: 'is not a user name' }] });
      const text = printSudoers(options.user);
      context.print({ text }, text.trimEnd());
    });
  addCollect(program, context);
}

/** Exit code 3 when a host is red, 1 when one could not be asked. */
function addCheckCommand(agent: Command, context: CliContext): void {
  agent
    .command('check [hosts...]')
    .description('look whether the agent can run there, green, yellow or red with reasons; nothing is written to the host')
    .option('--all', 'every managed host')
    .option('--out <file>', 'write the result as text')
    .option('--as <user>', 'log in as this user')
    .action(async (words: string[], options: { all?: true; out?: string; as?: string }) => {
      const hosts = parseHostChoice(words, options.all ?? false);
      const client: Client = await context.client();
      await unlockHosts(context, client);
      const result = await followProgress(context, await client.agents.check({ hosts, as: options.as ?? null }));
      const text = printCompatibility(result.hosts, Date.now());
      const { out } = options;
      if (out !== undefined) {
        await writeFile(out, text).catch((error: Error) => {
          throw new FirebreakError('FILE_NOT_WRITABLE', { path: out, detail: error.message });
        });
      }
      context.print(result, text.trimEnd());
      if (result.hosts.some((host) => host.level === 'red')) context.setExitCode(EXIT.gate);
      else if (result.hosts.some((host) => !host.ok)) context.setExitCode(EXIT.failed);
    });
}

async function overHosts(context: CliContext, verb: Verb, hosts: HostChoice, options: Options = {}): Promise<void> {
  if (options.replace === true && options.adopt === true) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--adopt', message: 'keeps the rules and --replace drops them: give one' }] });
  const client: Client = await context.client();
  await unlockHosts(context, client);
  const result = await followProgress(context, await start(client, verb, hosts, options));
  printManyHosts(context, result);
}

function start(client: Client, verb: Verb, hosts: HostChoice, { replace, adopt, allowDowngrade, as, rules = 'remove' }: Options) {
  if (verb === 'install') return client.agents.install({ hosts, replace: replace ?? false, adopt: adopt ?? false, allowDowngrade: allowDowngrade ?? false, as: as ?? null });
  if (verb === 'uninstall') return client.agents.uninstall({ hosts, rules, as: as ?? null });
  return client.agents[verb]({ hosts });
}
