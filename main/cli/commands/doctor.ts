import type { Command } from 'commander';
import type { HostView } from '../../../shared/contract/views.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { waitText } from '../../../shared/text/wait-text.ts';
import type { CliContext, Client } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatHealth } from '../format-evidence.ts';
import { followProgress } from '../progress.ts';
import { formatTable } from '../table.ts';
import { unlockHosts } from '../unlock-hosts.ts';

type Check = { check: string; ok: boolean; text: string };

/** Console and hosts, looked at in one go; exit 3 when something needs attention. `findBrowser` gives the path of a Chromium, or null. */
export function addDoctor(program: Command, context: CliContext, findBrowser: () => string | null): void {
  program
    .command('doctor')
    .description('check this console and every host: reachable, clock, rules, what the agent takes; exit 3 when something needs attention')
    .option('--stored', 'show what was last read, and ask no host')
    .action(async (options: { stored?: true }) => {
      const client = await context.client();
      if (options.stored === undefined) await askHosts(context, client);
      const [checks, hosts] = await Promise.all([examine(client, findBrowser), client.hosts.health({})]);
      const consoleText = formatTable(['CHECK', '', 'FOUND'], checks.map((c) => [c.check, c.ok ? 'ok' : 'LOOK', c.text]));
      context.print({ checks, hosts }, `${consoleText}\n\n${formatHealth(hosts)}`);
      if (checks.some((c) => !c.ok) || hosts.some((h) => h.attention.length > 0)) context.setExitCode(EXIT.gate);
    });
}

/** Reads the state of every host that has an agent; one that does not answer is told of in the table. */
async function askHosts(context: CliContext, client: Client): Promise<void> {
  const names = (await client.hosts.list({})).filter((host: HostView) => host.ssh !== null && host.agentVersion !== null).map((host) => host.name);
  if (names.length === 0) return;
  await unlockHosts(context, client);
  await followProgress(context, await client.agents.status({ hosts: { kind: 'names', names } }));
}

async function examine(client: Client, findBrowser: () => string | null): Promise<Check[]> {
  const [info, audit, pushes, waiting] = await Promise.all([client.workspace.info({}), client.audit.verify({}), client.pushes.list({}), client.pushes.waiting({})]);
  const open = pushes.filter((push) => push.outcome === 'running' || push.outcome === 'interrupted').map((push) => `${push.id} (${push.outcome})`);
  const browser = findBrowser();
  return [
    { check: 'node', ok: true, text: process.version },
    { check: 'workspace', ok: !info.readOnly, text: `${info.path}${info.readOnly ? ' (read-only)' : ''}, ${countText(info.hosts, 'host')}, version ${info.version ?? 'none'}` },
    { check: 'audit chain', ok: audit.brokenAt === null, text: audit.brokenAt === null ? `${audit.entries} entries fit` : `broken at entry ${audit.brokenAt}` },
    { check: 'pushes', ok: open.length === 0, text: open.length === 0 ? 'none open; firebreak reconcile is not needed' : open.join(', ') },
    { check: 'waiting', ok: waiting.length === 0, text: waiting.length === 0 ? 'no host missed a push' : `${waiting.map((host) => `${host.hostName} ${waitText(host)}`).join(', ')}: firebreak push --pending` },
    { check: 'ssh-agent', ok: true, text: process.env['SSH_AUTH_SOCK'] ?? 'none' },
    { check: 'browser', ok: browser !== null, text: browser ?? 'no Chromium or Chrome: PDF reports and the browser window need one' },
  ];
}
