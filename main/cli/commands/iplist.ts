import { type Command, Option } from 'commander';
import type { ResolveNamesInput } from '../../../shared/contract/name-views.ts';
import type { IpList } from '../../../shared/model/policy.ts';
import { parseCidr } from '../../../shared/net/parse-cidr.ts';
import { parseDnsName } from '../../../shared/net/parse-dns-name.ts';
import { countUses, listUses } from '../../../shared/policy/where-used.ts';
import { collectParsed } from '../../../shared/text/parsed.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatLedger } from '../format-ledger.ts';
import { formatUses } from '../format-uses.ts';
import { must } from '../parse-arguments.ts';
import { followProgress } from '../progress.ts';
import { formatTable } from '../table.ts';
import { unlockHosts } from '../unlock-hosts.ts';
import { addRemove, getByName } from './named-object.ts';

type AddOptions = { name: string[]; nameDays?: string; nameNetwork: string[]; except?: string[]; note: string };

/** Lists of networks and host names. Adding one that exists replaces it. */
export function addIpListCommands(ipList: Command, context: CliContext): void {
  const several = (word: string, words: string[]) => [...words, word];
  ipList
    .command('add <name> [cidr...]')
    .description('add or replace a list')
    .option('--name <fqdn>', 'a host name whose addresses are in it; several times for several', several, [])
    .option('--name-days <days>', 'how long an answer to a name counts, 7 unless told')
    .option('--name-network <cidr>', 'where answers may lie although it is private, or a host of ours; several times', several, [])
    .option('--except <cidr...>', 'networks to leave out')
    .option('--note <text>', 'a remark', '')
    .action(async (name: string, words: string[], options: AddOptions) => {
      const list = await (await context.client()).policy.putIpList(toList(name, words, options));
      const names = list.names === undefined ? '' : '. Ask for its names with: firebreak iplist resolve';
      context.print(list, `IP list ${name}: ${membersOf(list).join(', ')}${list.except.length > 0 ? ` except ${list.except.join(', ')}` : ''}${names}`);
    });
  ipList
    .command('list')
    .description('IP lists, and what uses each')
    .action(async () => {
      const { policy } = await (await context.client()).policy.get({});
      const lists = policy.ipLists.map((list) => ({ ...list, uses: listUses(policy, { kind: 'iplist', name: list.name }) }));
      const rows = lists.map((list) => [list.name, membersOf(list).join(' '), list.except.join(' ') || '-', countUses(list.uses) || 'nothing', list.note]);
      context.print(lists, lists.length === 0 ? 'No IP lists yet. Add one: firebreak iplist add NAME 10.30.0.0/16' : formatTable(['IP LIST', 'NETWORKS AND NAMES', 'EXCEPT', 'USED BY', 'NOTE'], rows));
    });
  ipList
    .command('show <name>')
    .description('its networks, the hosts in it now, who resolved its names to what, and where it is used')
    .action((name: string) => showList(context, name));
  ipList
    .command('resolve [names...]')
    .description('ask for the addresses of names: lists, or host names in them; all when none is given')
    .addOption(new Option('--from <who>', 'the console’s DNS, or the resolvers of the hosts that rules with the list are about').choices(['console', 'hosts', 'both']).default('both'))
    .action((names: string[], options: Pick<ResolveNamesInput, 'from'>) => resolve(context, { names: names.length === 0 ? null : names, from: options.from }));
  addRemove(ipList, 'IP list', async (name) => (await context.client()).policy.removeIpList({ name }), context);
}

const membersOf = ({ cidrs, names = [] }: IpList): string[] => [...cidrs, ...names];

function toList(name: string, words: readonly string[], options: AddOptions): IpList {
  const except = must('--except', collectParsed((options.except ?? []).map(parseCidr)));
  const names = must('--name', collectParsed(options.name.map(parseDnsName)));
  const nameNetworks = must('--name-network', collectParsed(options.nameNetwork.map(parseCidr)));
  return {
    name,
    cidrs: must('cidr', collectParsed(words.map(parseCidr))),
    ...(names.length === 0 ? {} : { names }),
    ...(options.nameDays === undefined ? {} : { nameDays: Number(options.nameDays) }),
    ...(nameNetworks.length === 0 ? {} : { nameNetworks }),
    except,
    note: options.note,
  };
}

async function showList(context: CliContext, name: string): Promise<void> {
  const client = await context.client();
  const { policy } = await client.policy.get({});
  const list = getByName('IP list', policy.ipLists, name);
  const uses = listUses(policy, { kind: 'iplist', name });
  const hosts = await client.policy.matches({ peer: { kind: 'iplist', ipList: list.name } });
  const facts = [['networks', list.cidrs.join(' ') || '-'], ['except', list.except.join(' ') || '-'], ['hosts in it', hosts.join(' ') || 'none of the inventory'], ['note', list.note || '-']];
  if (list.names === undefined) return context.print({ ...list, hosts, uses }, `${formatTable([list.name, ''], facts)}\n\n${formatUses(uses)}`);
  const ledger = (await client.policy.names({})).lists.find((view) => view.list === list.name) ?? null;
  facts.splice(1, 0, ['names', list.names.join(' ')], ['answers count', `${ledger?.days ?? 0} days`], ['answers may lie in', list.nameNetworks?.join(' ') ?? 'public networks only']);
  context.print({ ...list, hosts, uses, ledger }, `${formatTable([list.name, ''], facts)}\n\n${ledger === null ? '' : `${formatLedger(ledger, Date.now())}\n\n`}${formatUses(uses)}`);
}

async function resolve(context: CliContext, input: ResolveNamesInput): Promise<void> {
  const client = await context.client();
  if (input.from !== 'console') await unlockHosts(context, client);
  const result = await followProgress(context, await client.policy.resolveNames(input));
  const rows = result.hosts.map((host) => [host.hostName, host.ok ? 'ok' : (host.error?.code ?? 'failed'), host.text]);
  context.print(result, rows.length === 0 ? 'Nobody to ask: no IP list of the draft has such names, or no rule uses it.' : formatTable(['ASKED', 'RESULT', 'DETAIL'], rows));
  if (result.hosts.some((host) => !host.ok)) context.setExitCode(EXIT.failed);
}
