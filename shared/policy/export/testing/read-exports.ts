import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { FleetHost } from '../../../model/host.ts';
import { getAddress } from '../../../net/address.ts';
import type { Packet } from '../../simulate.ts';
import type { ExportFile } from '../export-form.ts';
import type { ExportTarget } from '../export-target.ts';
import { hasPort, isIn } from './address-texts.ts';

/** Whether the text lets a new connection of the host through, read as the vendor’s documents say that it is read, and not by anything that wrote it. */
export type ExportReader = (files: readonly ExportFile[], host: FleetHost) => (way: 'in' | 'out', packet: Packet) => boolean;

const peerOf = (way: 'in' | 'out', packet: Packet): string => (way === 'in' ? packet.source : packet.destination);
const localOf = (way: 'in' | 'out', packet: Packet): string => (way === 'in' ? packet.destination : packet.source);
const isV6 = (text: string): boolean => getAddress(text).family === 6;

const AwsRule = z.strictObject({ security_group_id: z.string(), cidr_ipv4: z.string().optional(), cidr_ipv6: z.string().optional(), ip_protocol: z.string(), from_port: z.number().optional(), to_port: z.number().optional(), description: z.string() });
const Groups = z.strictObject({ firebreak_groups: z.strictObject({ value: z.record(z.string(), z.strictObject({ id: z.string(), hosts: z.array(z.string()) })) }) });
const Aws = z.object({ resource: z.strictObject({ aws_security_group: z.record(z.string(), z.unknown()), aws_vpc_security_group_ingress_rule: z.record(z.string(), AwsRule), aws_vpc_security_group_egress_rule: z.record(z.string(), AwsRule) }), output: Groups });

/** Any rule that matches lets through; everything else is refused. */
const readAws: ExportReader = ([file], host) => {
  const { resource, output } = Aws.parse(JSON.parse(file?.text ?? ''));
  const id = Object.values(output.firebreak_groups.value).find(({ hosts }) => hosts.includes(host.name))?.id;
  const rules = { in: Object.values(resource.aws_vpc_security_group_ingress_rule), out: Object.values(resource.aws_vpc_security_group_egress_rule) };
  const matches = ({ ip_protocol, from_port = -1, to_port = -1 }: z.infer<typeof AwsRule>, { protocol, port }: Packet): boolean => {
    if (ip_protocol === '-1') return true;
    if (protocol === 'icmp' || protocol === 'icmpv6') return ip_protocol === protocol && (from_port === -1 || from_port === port);
    return ip_protocol === (protocol === 'sctp' ? '132' : protocol) && (protocol === 'sctp' || (port !== null && from_port <= port && port <= to_port));
  };
  return (way, packet) => rules[way].some((rule) => rule.security_group_id === id && isIn([rule.cidr_ipv4 ?? rule.cidr_ipv6 ?? ''], peerOf(way, packet)) && matches(rule, packet));
};

const Texts = z.union([z.string().transform((text) => [text]), z.array(z.string()).min(1)]);
const AzureRule = z
  .strictObject({ name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,78}[A-Za-z0-9_]$/), priority: z.number().int().min(100).max(4096), direction: z.enum(['Inbound', 'Outbound']), access: z.enum(['Allow', 'Deny']), protocol: z.enum(['Tcp', 'Udp', 'Icmp', '*']), source_port_range: z.literal('*') })
  .extend({ destination_port_range: Texts.optional(), destination_port_ranges: Texts.optional(), source_address_prefix: Texts.optional(), source_address_prefixes: Texts.optional(), destination_address_prefix: Texts.optional(), destination_address_prefixes: Texts.optional() })
  .extend({ resource_group_name: z.string(), network_security_group_name: z.string() });
const Azure = z.object({ resource: z.strictObject({ azurerm_network_security_group: z.record(z.string(), z.unknown()), azurerm_network_security_rule: z.record(z.string(), AzureRule) }), output: Groups });

/** The first that matches, by priority, decides; each is there once. */
const readAzure: ExportReader = ([file], host) => {
  const { resource, output } = Azure.parse(JSON.parse(file?.text ?? ''));
  const name = Object.values(output.firebreak_groups.value).find(({ hosts }) => hosts.includes(host.name))?.id.replace('.id}', '.name}');
  const own = Object.values(resource.azurerm_network_security_rule).filter((rule) => rule.network_security_group_name === name).sort((a, b) => a.priority - b.priority);
  if (new Set(own.map(({ priority, direction }) => `${priority} ${direction}`)).size < own.length) throw new Error('two rules have one priority');
  return (way, packet) => {
    const first = own.find((rule) => {
      if ((rule.direction === 'Inbound') !== (way === 'in')) return false;
      const isProtocol = rule.protocol === '*' || rule.protocol.toLowerCase() === packet.protocol;
      const ports = rule.destination_port_range ?? rule.destination_port_ranges ?? [];
      return isProtocol && (ports[0] === '*' || hasPort(ports, packet.port)) && isIn(rule.source_address_prefix ?? rule.source_address_prefixes ?? [], packet.source) && isIn(rule.destination_address_prefix ?? rule.destination_address_prefixes ?? [], packet.destination);
    });
    if (first === undefined) throw new Error('what becomes of it is left to Azure');
    return first.access === 'Allow';
  };
};

const Peers = z.array(z.strictObject({ ipBlock: z.strictObject({ cidr: z.string() }) })).min(1);
const Ports = z.array(z.strictObject({ protocol: z.string(), port: z.number().int().min(1).max(65535).optional(), endPort: z.number().int().max(65535).optional() })).min(1);
const NetworkPolicy = z.object({ spec: z.strictObject({ podSelector: z.strictObject({ matchLabels: z.record(z.string(), z.string()) }), policyTypes: z.array(z.enum(['Ingress', 'Egress'])), ingress: z.array(z.strictObject({ from: Peers, ports: Ports.optional() })), egress: z.array(z.strictObject({ to: Peers, ports: Ports.optional() })).optional() }) });

/** Policies that choose the pod add up; a direction that none declares is open. */
const readKubernetes: ExportReader = ([file], host) => {
  const all = parseAllDocuments(file?.text ?? '').flatMap((document) => (document.toJS() === null ? [] : [NetworkPolicy.parse(document.toJS()).spec]));
  const own = all.filter(({ podSelector }) => Object.entries(podSelector.matchLabels).every(([key, value]) => host.labels[key] === value));
  return (way, packet) => {
    const declared = own.filter(({ policyTypes }) => policyTypes.includes(way === 'in' ? 'Ingress' : 'Egress'));
    const rules = declared.flatMap(({ ingress, egress = [] }) => (way === 'in' ? ingress.map(({ from, ports }) => ({ peers: from, ports })) : egress.map(({ to, ports }) => ({ peers: to, ports }))));
    const matches = ({ protocol, port, endPort }: z.infer<typeof Ports>[number]) => protocol.toLowerCase() === packet.protocol && (port === undefined || (packet.port !== null && port <= packet.port && packet.port <= (endPort ?? port)));
    return declared.length === 0 || rules.some(({ peers, ports }) => isIn(peers.map(({ ipBlock }) => ipBlock.cidr), peerOf(way, packet)) && (ports === undefined || ports.some(matches)));
  };
};

const PF_RULE = /^(pass|block drop) (in|out) quick(?: all| (inet6?)(?: proto (\w+))? from (\{[^}]*\}|\S+)(?: port (\d+))? to (\{[^}]*\}|\S+)(?: port (\{[^}]*\}))?(?: icmp6?-type (\{[^}]*\}))?(?: allow-opts)?)(?: label "\w[\w-]*")?$/;
const listed = (text: string): string[] => text.replaceAll(/[{}\s]/g, '').split(',');

/** Every rule is quick: the first that matches decides, and pf passes what none does. */
const readPf: ExportReader = (files, host) => {
  const lines = (files.find(({ suffix }) => suffix === `.${host.name}.pf`)?.text ?? '').split('\n').filter((line) => line !== '' && !line.startsWith('#') && line !== 'pass quick on lo0 all');
  const rules = lines.map((line) => PF_RULE.exec(line) ?? fail(line));
  return (way, packet) => {
    const protocol = packet.protocol === 'icmpv6' ? 'icmp6' : packet.protocol;
    const first = rules.find(([, , direction, family, proto, source, sourcePort, destination, ports, types]) => {
      if (direction !== way) return false;
      if (family === undefined || source === undefined || destination === undefined) return true;
      const isEnd = (text: string, address: string) => text === 'any' || isIn(listed(text), address);
      return (family === 'inet6') === isV6(packet.source) && (proto === undefined || proto === protocol) && isEnd(source, packet.source) && isEnd(destination, packet.destination) && (sourcePort === undefined || Number(sourcePort) === packet.sourcePort) && (ports === undefined || hasPort(listed(ports), packet.port)) && (types === undefined || hasPort(listed(types), packet.port));
    });
    return first === undefined || first[1] === 'pass';
  };
};

const fail = (line: string): never => {
  throw new Error(`not read: ${line}`);
};

const WINDOWS_PROTOCOLS: Readonly<Record<string, string>> = { TCP: 'tcp', UDP: 'udp', '132': 'sctp', ICMPv4: 'icmp', ICMPv6: 'icmpv6', '2': 'igmp' };

/** A block rule that matches refuses, else an allow rule that matches lets through, else the profile's default. */
const readWindows: ExportReader = (files, host) => {
  const text = files.find(({ suffix }) => suffix === `.${host.name}.ps1`)?.text ?? '';
  const rules = [...text.matchAll(/^Add-Rule @\{ (.*) \}$/gm)].map(([, fields = '']) => new Map([...fields.matchAll(/(\w+) = (?:'([^']*)'|@\(([^)]*)\))/g)].map(([, name = '', one, many]) => [name, one === undefined ? (many ?? '').replaceAll("'", '').split(', ') : [one]])));
  const defaults = { in: /-DefaultInboundAction (\w+)/.exec(text)?.[1], out: /-DefaultOutboundAction (\w+)/.exec(text)?.[1] };
  return (way, packet) => {
    const [near, far] = way === 'in' ? ['LocalPort', 'RemotePort'] : ['RemotePort', 'LocalPort'];
    const hit = (action: string) =>
      rules.some((rule) => {
        const is = (name: string, matches: (texts: readonly string[]) => boolean) => matches(rule.get(name) ?? []) || !rule.has(name);
        const [protocol = ''] = rule.get('Protocol') ?? [];
        return rule.get('Action')?.[0] === action && rule.get('Direction')?.[0] === (way === 'in' ? 'Inbound' : 'Outbound') && (protocol === 'Any' || WINDOWS_PROTOCOLS[protocol] === packet.protocol) && is(near ?? '', (ports) => hasPort(ports, packet.port)) && is(far ?? '', (ports) => hasPort(ports, packet.sourcePort)) && is('IcmpType', (types) => hasPort(types, packet.port)) && is('RemoteAddress', (texts) => isIn(texts, peerOf(way, packet))) && is('LocalAddress', (texts) => isIn(texts, localOf(way, packet)));
      });
    return !hit('Block') && (hit('Allow') || defaults[way] === 'Allow');
  };
};

export const EXPORT_READERS = { aws: readAws, azure: readAzure, kubernetes: readKubernetes, pf: readPf, windows: readWindows } as const satisfies Partial<Record<ExportTarget, ExportReader>>;
