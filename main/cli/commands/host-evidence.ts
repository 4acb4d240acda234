import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { formatFootprint, formatQuality } from '../format-evidence.ts';
import { parseSince } from '../parse-arguments.ts';
import { formatTable } from '../table.ts';
import { unlockHosts } from '../unlock-hosts.ts';

/** What the record of a host is worth, and what its agent takes of it. `host` is the command that these belong to. */
export function addHostEvidenceCommands(host: Command, context: CliContext): void {
  host
    .command('quality <name>')
    .description('how complete the record of a host is, hour by hour')
    .option('--since <period>', 'such as 24h, 7d, or an ISO date; at most 100 days', '7d')
    .action(async (name: string, options: { since: string }) => {
      const quality = await (await context.client()).hosts.quality({ name, sinceMs: parseSince(options.since, Date.now()) });
      context.print(quality, formatQuality(name, quality));
    });
  host
    .command('footprint <name>')
    .description('what the agent takes of a host: CPU, memory, bytes stored and sent, added latency')
    .action(async (name: string) => {
      const footprint = await (await context.client()).hosts.footprint({ name });
      context.print(footprint, formatFootprint(name, footprint));
    });
  host
    .command('latency <name>')
    .description('have a host measure what its rules add to the time of a connect')
    .action(async (name: string) => {
      const client = await context.client();
      await unlockHosts(context, client);
      const latency = await client.hosts.measureLatency({ name });
      const times = (what: string, p50: number, p99: number) => [what, `${p50} µs`, `${p99} µs`];
      const { withoutP50Us, withoutP99Us, withP50Us, withP99Us } = latency;
      const rows = [times('without rules', withoutP50Us, withoutP99Us), times('with its rules', withP50Us, withP99Us), times('added', withP50Us - withoutP50Us, withP99Us - withoutP99Us)];
      context.print(latency, `${formatTable([`CONNECT ON ${name}`, 'P50', 'P99'], rows)}\n\n${latency.connects} connects each, in network namespaces of their own on the host.`);
    });
}
