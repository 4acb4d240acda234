import { isAllPorts, printPortRange } from '../../net/port-set.ts';
import type { Family } from '../../net/address.ts';
import { ofFamily } from '../../net/range-set.ts';
import type { Abilities } from './abilities.ts';
import type { ExportEntry, ExportFile, ExportGroup, ExportInput, ExportService } from './export-form.ts';
import { headerLines } from './export-header.ts';
import { serviceOfTerm } from './list-entries.ts';
import { cidrsOf, literal, networksOf, printTerraform } from './terraform.ts';

/** learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits: rules and prefixes of one security group. */
const MOST_RULES = 1000;
const MOST_PREFIXES = 4000;
const FIRST_PRIORITY = 100;

/** Allow and deny in an order, stateful; no types of ICMP, no time. */
export const AZURE_ABILITIES: Abilities = {
  deny: true,
  test: false,
  onlyServices: true,
  containments: false,
  schedules: false,
  endsBeforeMs: 0,
  ownAddresses: true,
  obstacle: ({ service, family }) => {
    if (service.kind === 'icmp') return family === 6 ? 'ICMPv6 cannot be named there' : service.types === 'all' ? null : 'types of ICMP cannot be told apart there';
    return service.kind === 'ports' && service.protocol === 'sctp' ? 'SCTP cannot be named there' : null;
  },
  groupObstacle: (group) => {
    const rules = WAYS.flatMap((way) => rulesOf(group, way));
    const prefixes = rules.reduce((sum, { peers, own }) => sum + peers.length + own.length, 0);
    if (rules.length > MOST_RULES) return `it takes ${rules.length} rules, and a security group has ${MOST_RULES}`;
    return prefixes > MOST_PREFIXES ? `it takes ${prefixes} networks, and a security group has ${MOST_PREFIXES}` : null;
  },
};

const USE = [
  'Azure network security groups, for Terraform (save as firebreak.tf.json). NOT RUN by Firebreak’s tests: no account and no provider were there. Read the plan.',
  'Give each group to the network interfaces, or to the subnet, of the hosts that its output names: it is about their addresses and leaves others to Azure’s own defaults.',
  'All of ICMP is let through where hosts let through errors and echo, because types cannot be told apart. ICMPv6 cannot be named: where IPv6 is refused by default it is refused, too.',
  'Not filtered by security groups whatever they say: the platform’s own address 168.63.129.16 (DHCP, DNS, health).',
];

const WAYS = ['in', 'out'] as const;
const FAMILIES: readonly Family[] = [4, 6];

type AzureRule = { readonly id: string; readonly access: 'Allow' | 'Deny'; readonly protocol: string; readonly ports: readonly string[]; readonly peers: readonly string[]; readonly own: readonly string[] };

export function printAzure(input: ExportInput): ExportFile[] {
  const groups = input.groups.map((group) => [`firebreak_${group.number}`, group] as const);
  const place = { location: `\${var.location}`, resource_group_name: `\${var.resource_group_name}` };
  return printTerraform(headerLines(input, { target: 'azure', use: USE }), {
    variable: { resource_group_name: { type: 'string' }, location: { type: 'string' } },
    resource: {
      azurerm_network_security_group: Object.fromEntries(groups.map(([name]) => [name, { name: name.replaceAll('_', '-'), ...place }])),
      azurerm_network_security_rule: Object.fromEntries(groups.flatMap(([name, group]) => WAYS.flatMap((way) => rulesOf(group, way).map((rule, i) => [`${name}_${way}_${FIRST_PRIORITY + i}`, toResource(name, way, rule, FIRST_PRIORITY + i)])))),
    },
    output: { firebreak_groups: { value: Object.fromEntries(groups.map(([name, { hosts }]) => [name, { id: `\${azurerm_network_security_group.${name}.id}`, hosts: hosts.map((host) => literal(host.name)) }])) } },
  });
}

/** In order: locked, deny, allow, and at last what becomes of the rest, said for both ways since Azure's own defaults are others. */
function rulesOf(group: ExportGroup, way: 'in' | 'out'): AzureRule[] {
  const side = group[way];
  const families = FAMILIES.filter((family) => group.addresses.some((range) => range.family === family));
  const toRule = (entry: ExportEntry, access: 'Allow' | 'Deny'): AzureRule => ({ id: entry.id, access, ...printService(entry.service), peers: networksOf(entry.peers, entry.family), own: ownOf(group, entry) });
  const rest = (access: 'Allow' | 'Deny', service: ExportService, family: Family): AzureRule => ({ id: 'default', access, ...printService(service), peers: networksOf({ kind: 'any' }, family), own: ownOf(group, { family, local: { kind: 'any' } }) });
  const { otherwise } = side;
  const only = otherwise.kind === 'refuse' ? otherwise.only : null;
  const refused = families.flatMap((family) => (only ?? []).flatMap((term) => serviceOfTerm(term, family) ?? []).map((service) => rest('Deny', service, family)));
  const isRefused = otherwise.kind === 'refuse' && only === null;
  return [
    ...side.locked.flatMap((entry) => lockedRule(entry).map((one) => toRule(one, 'Allow'))),
    ...side.deny.map((entry) => toRule(entry, 'Deny')),
    ...side.allow.map((entry) => toRule(entry, 'Allow')),
    ...refused,
    ...families.map((family) => rest(isRefused ? 'Deny' : 'Allow', { kind: 'any' }, family)),
  ];
}

/** The group's own addresses, or those of them that the rule is about. */
const ownOf = ({ addresses }: ExportGroup, { family, local }: Pick<ExportEntry, 'family' | 'local'>): string[] => (local.kind === 'any' ? ofFamily(addresses, family).flatMap(cidrsOf) : networksOf(local, family));

/** Replies are known by themselves, and leases are the platform's. */
function lockedRule(entry: ExportEntry): ExportEntry[] {
  const { id, family, service } = entry;
  if (id === 'icmp') return service.kind === 'icmp' && family === 4 ? [{ ...entry, service: { kind: 'icmp', types: 'all' } }] : [];
  return id === 'dhcp' || (service.kind === 'ports' && service.sourcePort !== null) ? [] : [entry];
}

function printService(service: ExportService): Pick<AzureRule, 'protocol' | 'ports'> {
  // Written as any protocol it would take everything.
  if (service.kind === 'ports' && service.protocol === 'sctp') throw new Error('SCTP is refused before it gets here');
  if (service.kind === 'ports') return { protocol: service.protocol === 'tcp' ? 'Tcp' : 'Udp', ports: isAllPorts(service.ports) ? ['*'] : service.ports.map(printPortRange) };
  return { protocol: service.kind === 'icmp' ? 'Icmp' : '*', ports: ['*'] };
}

function toResource(name: string, way: 'in' | 'out', { id, access, protocol, ports, peers, own }: AzureRule, priority: number) {
  const [source, destination] = way === 'in' ? [peers, own] : [own, peers];
  return {
    name: `${way}-${priority}-${id}`,
    priority,
    direction: way === 'in' ? 'Inbound' : 'Outbound',
    access,
    protocol,
    source_port_range: '*',
    // One is written apart from several, or the provider sees a change each time.
    ...(ports.length === 1 ? { destination_port_range: ports[0] } : { destination_port_ranges: ports }),
    ...(source.length === 1 ? { source_address_prefix: source[0] } : { source_address_prefixes: source }),
    ...(destination.length === 1 ? { destination_address_prefix: destination[0] } : { destination_address_prefixes: destination }),
    resource_group_name: `\${var.resource_group_name}`,
    network_security_group_name: `\${azurerm_network_security_group.${name}.name}`,
  };
}
