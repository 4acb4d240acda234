import { join } from 'node:path';
import { type Address, parseAddress } from '../../../shared/net/address.ts';
import type { OfflineHost } from '../../../shared/offline-audit/offline-audit.ts';
import type { BlindSpot, RuleFile } from '../../../shared/rule-files/rule-file.ts';
import { readNft } from '../../../shared/rule-files/read-nft.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { inert } from '../../../shared/text/inert.ts';
import { readFolder } from './fleet-files.ts';
import { intentTemplate } from './intent-template.ts';
import { groupsOfHosts } from './groups-of-hosts.ts';
import { readInventory } from './read-inventory.ts';
import { readVariables, type Variables } from './read-variables.ts';
import { renderTemplate } from './render-template.ts';
import type { Scope } from './template-expression.ts';
import { isList, printValue, type TemplateValue } from './template-value.ts';

export type Fleet = { readonly hosts: OfflineHost[]; readonly groups: number; readonly unread: { path: string; reason: string }[]; readonly limits: string[] };
type Merged = { readonly name: string; readonly groups: readonly string[]; readonly variables: Map<string, TemplateValue> };

/** Where inventories say which addresses a host has. */
const ADDRESS_NAMES = ['ansible_host', 'ansible_ssh_host', 'eth0_ipv4_ip', 'eth0_ip', 'eth0_ipv4', 'eth0_ipv6_ip', 'eth0_ipv6', 'eth1_ip', 'eth1_ipv4', 'br0_ipv4_ip', 'br0_ipv4', 'br0_ipv6', 'public_ip'];

/**
 * A fleet from its inventory alone: hosts, their groups and variables as Ansible merges them (all, then groups from above to below, then the host), and the rules that its templates make of them.
 * `templatesPath`: the folder with the role's nftables templates; null: rules are what the variables tcp_ports, udp_ports, nft_block_rules, nft_custom_rules and proxy_tcp_ports say, and nothing else is let in.
 */
export async function readAnsibleFleet(path: string, templatesPath: string | null): Promise<Fleet> {
  const unread: Fleet['unread'] = [];
  const tops = await readFolder(path, unread);
  const inventory = readInventory([...tops].filter(([name, text]) => !/\.(config|ya?ml|json|py|sh|md)$/.test(name) && /^\s*\[/m.test(text)).map(([, text]) => text));
  for (const { line, text, reason } of inventory.unread) unread.push({ path: line === 0 ? path : `${path}:${line}`, reason: text === '' ? reason : `${reason}: ${inert(text)}` });
  const [groupVars, hostVars] = [await readVars(join(path, 'group_vars'), unread), await readVars(join(path, 'host_vars'), unread)];
  const templates = templatesPath === null ? new Map([['nftables.j2', intentTemplate]]) : await readFolder(templatesPath, unread);
  const { groups: groupsOf, problems } = groupsOfHosts(inventory);
  for (const problem of problems) unread.push({ path, reason: inert(problem) });
  // As Ansible does: who is in no inventory file is no host, whatever variables there are.
  const names = [...(inventory.hosts.length > 0 ? inventory.hosts : hostVars.keys())].sort();
  const strangers = [...hostVars.keys()].filter((name) => !names.includes(name)).length;
  const merged = new Map(names.map((name) => [name, merge(name, ['all', ...(groupsOf.get(name) ?? [])], groupVars, hostVars)]));
  const world: World = { groups: groupMembers(groupsOf), hosts: merged };
  const hosts = [...merged.values()].map((host) => toHost(host, world, templates));
  return { hosts, groups: inventory.groups.size, unread, limits: limitsOf(templatesPath, hosts, { groups: inventory.groups.size, strangers }) };
}

type World = { readonly groups: ReadonlyMap<string, readonly string[]>; readonly hosts: ReadonlyMap<string, Merged> };

async function readVars(path: string, unread: Fleet['unread']): Promise<Map<string, Variables>> {
  const all = new Map<string, Variables>();
  for (const [file, text] of await readFolder(path, unread)) {
    const { variables, problem } = readVariables(text);
    if (problem !== null) unread.push({ path: join(path, file), reason: inert(problem) });
    all.set(file.replace(/\.(ya?ml|json)$/, ''), variables);
  }
  return all;
}

function merge(name: string, groups: readonly string[], groupVars: ReadonlyMap<string, Variables>, hostVars: ReadonlyMap<string, Variables>): Merged {
  const variables = new Map<string, TemplateValue>();
  for (const group of groups) for (const [key, value] of groupVars.get(group) ?? []) variables.set(key, value);
  for (const [key, value] of hostVars.get(name) ?? []) variables.set(key, value);
  return { name, groups, variables };
}

function groupMembers(groupsOf: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const members = new Map<string, string[]>();
  for (const [host, groups] of groupsOf) {
    for (const group of groups) {
      const list = members.get(group);
      if (list === undefined) members.set(group, [host]);
      else list.push(host);
    }
  }
  return members;
}

function toHost(host: Merged, world: World, templates: ReadonlyMap<string, string>): OfflineHost {
  const scope = scopeOf(host, world, 0);
  const text = (name: string) => printValue(scope(name));
  const labels = Object.entries({ role: host.name.split('.')[0]?.replace(/[-_]?\d+[a-z]?$/, '') ?? '', env: text('env'), loc: text('datacenter') }).filter(([, value]) => value !== '');
  const about = { name: inert(host.name), addresses: addressesOf(scope), labels: Object.fromEntries(labels.map(([key, value]) => [key, inert(value)])) };
  // The role leaves such a host alone.
  if (scope('baseiptables') === false) return { ...about, files: [] };
  const files = chooseTemplates(templates, [host.name, text('host_group'), text('datacenter'), text('env')]).map((name) => {
    const { text: rules, problems } = renderTemplate(templates.get(name) ?? '', { scope, include: (file) => templates.get(file) ?? templates.get(`${file}.j2`) ?? null });
    return { path: `${about.name} by ${name}`, rules: withProblems(readNft(rules), problems) };
  });
  return { ...about, files: joinFiles(files) };
}

/** The first that there is of nftables.HOST.j2, .HOST_GROUP, .DATACENTER, .ENV and nftables.j2, and beside it that for IPv6. */
function chooseTemplates(templates: ReadonlyMap<string, string>, words: readonly string[]): string[] {
  const first = [...words.filter((word) => word !== '').map((word) => `nftables.${word}.j2`), 'nftables.j2'].find((name) => templates.has(name));
  return [first, 'nftables-ipv6.j2'].filter((name) => name !== undefined && templates.has(name)).map(String);
}

/** Two templates are one ruleset on the host; each tells of its own family only. */
const joinFiles = (files: readonly { path: string; rules: RuleFile }[]): OfflineHost['files'] => files.map(({ path, rules }) => ({ path, rules: { ...rules, families: path.endsWith('-ipv6.j2') ? [6] : [4] } }));

function withProblems(rules: RuleFile, problems: readonly string[]): RuleFile {
  const spots: BlindSpot[] = problems.map((reason) => ({ line: 1, text: 'the template', reason: inert(reason) }));
  return { ...rules, blindSpots: [...spots, ...rules.blindSpots] };
}

const MAX_DEPTH = 6;

/** What a name means on a host; values that are templates themselves are rendered when they are asked for, as Ansible does. */
function scopeOf(host: Merged, world: World, depth: number): Scope {
  const resolve = (value: TemplateValue): TemplateValue => {
    if (isList(value)) return value.map(resolve);
    if (typeof value !== 'string' || !value.includes('{{') || depth >= MAX_DEPTH) return value;
    return renderTemplate(value, { scope: scopeOf(host, world, depth + 1), include: () => null }).text;
  };
  return (name) => {
    if (name === 'inventory_hostname') return host.name;
    if (name === 'inventory_hostname_short') return host.name.split('.')[0];
    if (name === 'group_names') return host.groups;
    if (name === 'ansible_managed') return 'Ansible managed';
    if (name === 'groups') return world.groups;
    if (name === 'hostvars') return new Map([...world.hosts].map(([other, { variables }]) => [other, variables]));
    return resolve(host.variables.get(name));
  };
}

function addressesOf(scope: Scope): Address[] {
  const found = ADDRESS_NAMES.flatMap((name) => {
    const address = parseAddress(printValue(scope(name)).replace(/\/\d+$/, ''));
    return address.ok ? [address.value] : [];
  });
  return [...new Map(found.map((address) => [`${address.family} ${address.value}`, address])).values()];
}

function limitsOf(templatesPath: string | null, hosts: readonly OfflineHost[], { groups, strangers }: { groups: number; strangers: number }): string[] {
  const without = hosts.filter(({ files }) => files.length === 0).length;
  return [
    `The inventory has ${countText(hosts.length, 'host')} in ${countText(groups, 'group')}. Its rules are what its files would make, not what runs.`,
    ...(templatesPath === null
      ? ['No templates were given: rules are what tcp_ports, udp_ports, nft_block_rules, nft_custom_rules and the like say, and everything else counts as refused. Give the role’s templates with --templates DIR.']
      : ['Of the templates the first is taken that is named after the host, its host_group, its datacenter or its env, otherwise nftables.j2. What they take from facts of running hosts is missing and told.']),
    ...(strangers > 0 ? [`${strangers} files of host_vars belong to no host of the inventory and were left out.`] : []),
    ...(without > 0 ? [`${without} hosts say baseiptables: false; their rules are made elsewhere.`] : []),
  ];
}
