import { LAST_PORT } from '../../net/port-set.ts';
import type { Family } from '../../net/address.ts';
import { WHOLE_FAMILY } from '../../net/range-set.ts';
import type { Abilities } from './abilities.ts';
import type { ExportEntry, ExportFile, ExportGroup, ExportInput, ExportSide } from './export-form.ts';
import { headerLines } from './export-header.ts';
import { cidrsOf, isSctpByPort, literal, networksOf, printTerraform } from './terraform.ts';

/** Of one group, in one direction and family (docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html); can be raised, and what was raised is not known here. */
const MOST_RULES = 60;

/** Allow rules only, stateful. */
export const AWS_ABILITIES: Abilities = {
  deny: false,
  test: false,
  onlyServices: false,
  containments: false,
  schedules: false,
  endsBeforeMs: 0,
  ownAddresses: false,
  obstacle: (entry) => (isSctpByPort(entry) ? 'there are no ports of SCTP there' : null),
  groupObstacle: (group) => {
    for (const way of WAYS) {
      const rules = rulesOf(group, way);
      for (const family of FAMILIES) {
        const count = rules.filter((rule) => rule.family === family).length;
        if (count > MOST_RULES) return `it takes ${count} ${way}bound rules for IPv${family}, and a security group has ${MOST_RULES}`;
      }
    }
    return null;
  },
};

const USE = [
  'AWS security groups, for Terraform (save as firebreak.tf.json). NOT RUN by Firebreak’s tests: no account and no provider were there. Read the plan.',
  'Give each group to the network interfaces of the hosts that its description names. Groups of one interface add up: take away those that let in more.',
  'Not filtered by security groups whatever they say: DHCP, the VPC’s own DNS and time server, instance metadata. Neighbour discovery is the VPC’s own.',
];

const WAYS = ['in', 'out'] as const;
const FAMILIES: readonly Family[] = [4, 6];

/** ICMP errors and echo. Neighbour discovery and multicast listeners are on the link, which the VPC only imitates. */
const ICMP_TYPES: Record<Family, readonly number[]> = { 4: [3, 8, 11, 12], 6: [1, 2, 3, 4, 128] };

type AwsRule = { readonly family: Family; readonly cidr: string; readonly protocol: string; readonly ports: readonly [number, number] | null; readonly ids: readonly string[] };

export function printAws(input: ExportInput): ExportFile[] {
  const groups = input.groups.map((group) => [nameOf(group), group] as const);
  const rules = (way: 'in' | 'out') => Object.fromEntries(groups.flatMap(([name, group]) => rulesOf(group, way).map((rule, i) => [`${name}_${way}_${i + 1}`, toResource(name, rule)])));
  return printTerraform(headerLines(input, { target: 'aws', use: USE }), {
    variable: { vpc_id: { type: 'string', description: 'The VPC in which the hosts are.' } },
    resource: {
      aws_security_group: Object.fromEntries(groups.map(([name, group]) => [name, { name: name.replaceAll('_', '-'), description: describe(group), vpc_id: `\${var.vpc_id}` }])),
      aws_vpc_security_group_ingress_rule: rules('in'),
      aws_vpc_security_group_egress_rule: rules('out'),
    },
    output: { firebreak_groups: { value: Object.fromEntries(groups.map(([name, { hosts }]) => [name, { id: `\${aws_security_group.${name}.id}`, hosts: hosts.map((host) => literal(host.name)) }])) } },
  });
}

const nameOf = ({ number }: ExportGroup): string => `firebreak_${number}`;

/** At most 255 characters of AWS's own alphabet, which names of hosts keep to. */
const describe = ({ hosts }: ExportGroup): string => literal(`Firebreak: ${hosts.map(({ name }) => name).join(', ')}`).slice(0, 255);

/** Each only once, since AWS refuses the same rule again; several of ours then share one. */
function rulesOf(group: ExportGroup, way: 'in' | 'out'): AwsRule[] {
  const side = group[way];
  const all = side.otherwise.kind === 'pass' ? passAll(group) : [...side.locked.flatMap(lockedRules), ...side.allow.flatMap(toRules)];
  const known = new Map<string, AwsRule>();
  for (const rule of all) {
    const key = JSON.stringify([rule.family, rule.cidr, rule.protocol, rule.ports]);
    const before = known.get(key);
    known.set(key, before ? { ...before, ids: [...new Set([...before.ids, ...rule.ids])] } : rule);
  }
  return [...known.values()];
}

const passAll = ({ addresses }: ExportGroup): AwsRule[] =>
  FAMILIES.filter((family) => addresses.some((range) => range.family === family)).flatMap((family) => cidrsOf(WHOLE_FAMILY[family]).map((cidr) => ({ family, cidr, protocol: '-1', ports: null, ids: ['outbound-open'] })));

/** A security group knows the replies by itself, and no source ports; leases are none of its business. */
function lockedRules(entry: ExportSide['locked'][number]): AwsRule[] {
  const { id, service, family } = entry;
  if (id === 'icmp') return service.kind === 'icmp' ? toRules({ ...entry, service: { kind: 'icmp', types: 'all' } }).flatMap((rule) => ICMP_TYPES[family].map((type) => ({ ...rule, ports: [type, -1] as const }))) : [];
  return id === 'dhcp' || (service.kind === 'ports' && service.sourcePort !== null) ? [] : toRules(entry);
}

const toRules = ({ id, family, peers, service }: ExportEntry): AwsRule[] =>
  networksOf(peers, family).flatMap((cidr) => matchesOf(service, family).map((match) => ({ family, cidr, ...match, ids: [id] })));

/** For ICMP the two ports are type and code, -1 being any. */
function matchesOf(service: ExportEntry['service'], family: Family): Pick<AwsRule, 'protocol' | 'ports'>[] {
  switch (service.kind) {
    case 'any':
      return [{ protocol: '-1', ports: null }];
    case 'igmp':
      return [{ protocol: '2', ports: null }];
    case 'icmp': {
      const types = service.types === 'all' ? [-1] : service.types;
      return types.map((type) => ({ protocol: family === 4 ? 'icmp' : 'icmpv6', ports: [type, -1] }));
    }
    case 'ports':
      if (service.protocol === 'sctp') return [{ protocol: '132', ports: null }];
      return service.ports.map(({ from, to }) => ({ protocol: service.protocol, ports: [from, Math.min(to, LAST_PORT)] }));
  }
}

const toResource = (name: string, { family, cidr, protocol, ports, ids }: AwsRule) => ({
  security_group_id: `\${aws_security_group.${name}.id}`,
  [family === 4 ? 'cidr_ipv4' : 'cidr_ipv6']: cidr,
  ip_protocol: protocol,
  ...(ports === null ? {} : { from_port: ports[0], to_port: ports[1] }),
  description: ids.join(' ').slice(0, 255),
});
