import type { Command } from 'commander';
import { countUses, listUses } from '../../../shared/policy/where-used.ts';
import { parseServiceEntries, printServiceEntry } from '../../../shared/text/service-text.ts';
import type { CliContext } from '../context.ts';
import { formatUses } from '../format-uses.ts';
import { must } from '../parse-arguments.ts';
import { formatTable } from '../table.ts';
import { addIpListCommands } from './iplist.ts';
import { addRemove, getByName } from './named-object.ts';

/** Named objects that rules use. Adding one that exists replaces it. */
export function addObjectCommands(program: Command, context: CliContext): void {
  addIpListCommands(program.command('iplist').description('named lists of networks and host names'), context);
  addServiceCommands(program.command('service').description('named services'), context);
}

function addServiceCommands(service: Command, context: CliContext): void {
  service
    .command('add <name> <ports>')
    .description('add or replace a service, such as tcp/80,udp/5000-5010')
    .option('--note <text>', 'a remark', '')
    .action(async (name: string, ports: string, options: { note: string }) => {
      const added = await (await context.client()).policy.putService({ name, entries: must('ports', parseServiceEntries(ports)), note: options.note });
      context.print(added, `Service ${name}: ${ports}`);
    });
  service
    .command('list')
    .description('services, and what uses each')
    .action(async () => {
      const { policy } = await (await context.client()).policy.get({});
      const services = policy.services.map((one) => ({ ...one, uses: listUses(policy, { kind: 'service', name: one.name }) }));
      const rows = services.map(({ name, entries, uses, note }) => [name, entries.map(printServiceEntry).join(','), countUses(uses) || 'nothing', note]);
      context.print(services, services.length === 0 ? 'No services yet. Add one: firebreak service add NAME tcp/5432' : formatTable(['SERVICE', 'PORTS', 'USED BY', 'NOTE'], rows));
    });
  service
    .command('show <name>')
    .description('its ports, and where it is used')
    .action(async (name: string) => {
      const { policy } = await (await context.client()).policy.get({});
      const one = getByName('service', policy.services, name);
      const uses = listUses(policy, { kind: 'service', name });
      context.print({ ...one, uses }, `${formatTable([one.name, ''], [['ports', one.entries.map(printServiceEntry).join(',')], ['note', one.note || '-']])}\n\n${formatUses(uses)}`);
    });
  addRemove(service, 'service', async (name) => (await context.client()).policy.removeService({ name }), context);
}
