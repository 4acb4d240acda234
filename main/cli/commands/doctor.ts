import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable } from '../table.ts';

type Check = { check: string; ok: boolean; text: string };

/** What usually goes wrong on the console's side, looked at in one go. `findBrowser` gives the path of a Chromium, or null. */
export function addDoctor(program: Command, context: CliContext, findBrowser: () => string | null): void {
  program
    .command('doctor')
    .description('check this console: workspace, audit chain, host keys, pending pushes, browser')
    .action(async () => {
      const checks = await examine(context, findBrowser);
      context.print(checks, formatTable(['CHECK', '', 'FOUND'], checks.map((c) => [c.check, c.ok ? 'ok' : 'LOOK', c.text])));
      if (checks.some((c) => !c.ok)) context.setExitCode(EXIT.failed);
    });
}

async function examine(context: CliContext, findBrowser: () => string | null): Promise<Check[]> {
  const client = await context.client();
  const [info, audit, hosts, pushes] = await Promise.all([client.workspace.info({}), client.audit.verify({}), client.hosts.list({}), client.pushes.list({})]);
  const named = (names: readonly string[], good: string) => (names.length === 0 ? good : names.join(', '));
  const untrusted = hosts.filter((host) => host.ssh !== null && host.pinnedKeys.length === 0).map((host) => host.name);
  const drifted = hosts.filter((host) => host.state === 'drifted' || host.state === 'pending').map((host) => `${host.name} (${host.state})`);
  const open = pushes.filter((push) => push.outcome === 'running' || push.outcome === 'interrupted').map((push) => `${push.id} (${push.outcome})`);
  const browser = findBrowser();
  return [
    { check: 'node', ok: true, text: process.version },
    { check: 'workspace', ok: !info.readOnly, text: `${info.path}${info.readOnly ? ' (read-only)' : ''}, ${info.hosts} hosts, version ${info.version ?? 'none'}` },
    { check: 'audit chain', ok: audit.brokenAt === null, text: audit.brokenAt === null ? `${audit.entries} entries fit` : `broken at entry ${audit.brokenAt}` },
    { check: 'host keys', ok: untrusted.length === 0, text: untrusted.length === 0 ? 'all pinned' : `not pinned yet: ${untrusted.join(', ')}` },
    { check: 'hosts', ok: drifted.length === 0, text: named(drifted, 'none drifted or pending') },
    { check: 'pushes', ok: open.length === 0, text: named(open, 'none open; firebreak reconcile is not needed') },
    { check: 'ssh-agent', ok: true, text: process.env['SSH_AUTH_SOCK'] ?? 'none' },
    { check: 'browser', ok: browser !== null, text: browser ?? 'no Chromium or Chrome: PDF reports and the browser window need one' },
  ];
}
