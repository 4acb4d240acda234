import type { Command } from 'commander';
import { parseCidr } from '../../../shared/net/parse-cidr.ts';
import { collectParsed } from '../../../shared/text/parsed.ts';
import { parseServiceEntries } from '../../../shared/text/service-text.ts';
import type { CliContext } from '../context.ts';
import { must } from '../parse-arguments.ts';

/** Named objects that rules use. Adding one that exists replaces it. */
export function addObjectCommands(program: Command, context: CliContext): void {
  program
    .command('iplist')
    .description('named lists of networks')
    .command('add <name> <cidr...>')
    .description('add or replace a list')
    .option('--except <cidr...>', 'networks to leave out')
    .option('--note <text>', 'a remark', '')
    .action(async (name: string, words: string[], options: { except?: string[]; note: string }) => {
      const except = options.except === undefined ? [] : must('--except', collectParsed(options.except.map(parseCidr)));
      const list = await (await context.client()).policy.putIpList({ name, cidrs: must('cidr', collectParsed(words.map(parseCidr))), except, note: options.note });
      context.print(list, `IP list ${name}: ${list.cidrs.join(', ')}${list.except.length > 0 ? ` except ${list.except.join(', ')}` : ''}`);
    });
  program
    .command('service')
    .description('named services')
    .command('add <name> <ports>')
    .description('add or replace a service, such as tcp/80,udp/5000-5010')
    .option('--note <text>', 'a remark', '')
    .action(async (name: string, ports: string, options: { note: string }) => {
      const service = await (await context.client()).policy.putService({ name, entries: must('ports', parseServiceEntries(ports)), note: options.note });
      context.print(service, `Service ${name}: ${ports}`);
    });
}
