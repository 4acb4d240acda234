import type { Command } from 'commander';
import type { HostChoice, PerHost } from '../../../shared/contract/contract.ts';
import type { CliContext, Client } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { parseHostChoice } from '../parse-arguments.ts';
import { followProgress } from '../progress.ts';
import { formatTable } from '../table.ts';
import { unlockHosts } from '../unlock-hosts.ts';

type Many = { hosts: PerHost[] };
type Verb = 'install' | 'uninstall' | 'status' | 'collect';

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
      .action((words: string[], options: { all?: true; replace?: true }) => overHosts(context, verb, parseHostChoice(words, options.all ?? false), options));
    if (name === 'install') command.option('--replace', 'take over an agent of another workspace: its rules are dropped');
  }
  program
    .command('collect [hosts...]')
    .description('fetch facts and recorded flows')
    .option('--all', 'every managed host')
    .option('--watch', 'again every minute, until Ctrl-C')
    .action(async (words: string[], options: { all?: true; watch?: true }) => {
      const choice = parseHostChoice(words, options.all ?? false);
      await overHosts(context, 'collect', choice);
      while (options.watch) {
        await new Promise((resolve) => setTimeout(resolve, 60_000));
        await overHosts(context, 'collect', choice);
      }
    });
}

async function overHosts(context: CliContext, verb: Verb, hosts: HostChoice, options: { replace?: true } = {}): Promise<void> {
  const client: Client = await context.client();
  await unlockHosts(context, client);
  const result: Many = await followProgress(context, verb === 'install' ? await client.agents.install({ hosts, replace: options.replace ?? false }) : await client.agents[verb]({ hosts }));
  const rows = result.hosts.map((h) => [h.hostName, h.ok ? 'ok' : (h.error?.code ?? 'failed'), h.ok ? h.text : `${h.error?.title ?? h.text} ${h.error?.hint ?? ''}`]);
  context.print(result, formatTable(['HOST', 'RESULT', 'DETAIL'], rows));
  if (result.hosts.some((h) => !h.ok)) context.setExitCode(EXIT.failed);
}
