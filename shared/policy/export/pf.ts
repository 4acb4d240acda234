import { isAllPorts, type PortRange } from '../../net/port-set.ts';
import { printCidrs } from '../../net/print-range.ts';
import type { LiveMatch } from '../host-ruleset.ts';
import type { Abilities } from './abilities.ts';
import type { ExportEntry, ExportFile, ExportGroup, ExportInput, ExportService, ExportSide } from './export-form.ts';
import { commented, headerLines } from './export-header.ts';
import { serviceOfTerm } from './list-entries.ts';
import { perHost } from './per-host.ts';
import { isSctpByPort } from './terraform.ts';

/** First match wins with `quick`: the order of hosts, exactly. Connections that live are in states that no rule ends. */
export const PF_ABILITIES: Abilities = {
  deny: true,
  test: false,
  onlyServices: true,
  containments: false,
  schedules: false,
  endsBeforeMs: 0,
  ownAddresses: true,
  obstacle: (entry) => (isSctpByPort(entry) ? 'not every pf knows ports of SCTP' : null),
};

const USE = [
  'pf, for macOS and the BSDs, on this host itself. NOT RUN by Firebreak’s tests: no pf was there. Check it with: pfctl -nf FILE',
  'As an anchor: save it as /etc/pf.anchors/firebreak; in /etc/pf.conf, behind translation and before rules that pass:',
  '  anchor "firebreak"',
  '  load anchor "firebreak" from "/etc/pf.anchors/firebreak"',
  'then pfctl -f /etc/pf.conf, and pfctl -e if pf is not on. Connections that pf has no state of (it was off) have to begin anew.',
  'It decides everything for this host: rules behind the anchor are not asked.',
];

export const printPf = (input: ExportInput): ExportFile[] => perHost(input).map(({ host, group, input: own }) => ({ suffix: `.${host.name}.pf`, text: `${commented(headerLines(own, { target: 'pf', use: USE }))}${printRules(group)}` }));

const printRules = (group: ExportGroup): string => ['pass quick on lo0 all', ...(['in', 'out'] as const).flatMap((way) => sideRules(group[way], way)), ''].join('\n');

function sideRules(side: ExportSide, way: 'in' | 'out'): string[] {
  if (side.otherwise.kind === 'pass' && side.deny.length === 0) return [];
  const { otherwise } = side;
  const only = otherwise.kind === 'refuse' ? otherwise.only : null;
  const refused = FAMILIES.flatMap((family) => (only ?? []).flatMap((term) => serviceOfTerm(term, family) ?? []).map((service) => `block drop ${way} quick ${FAMILY_WORDS[family]}${protocolOf(service, family)} from any to any${portsOf(service, family)}`));
  return [
    ...[...side.locked, ...side.deny, ...side.allow].map((entry) => printEntry(entry, way, side.deny.includes(entry) ? 'block drop' : 'pass')),
    ...refused,
    ...(otherwise.kind === 'refuse' && only === null ? [`block drop ${way} quick all`] : [`pass ${way} quick all`]),
  ];
}

const FAMILIES = [4, 6] as const;
const FAMILY_WORDS = { 4: 'inet', 6: 'inet6' } as const;

function printEntry({ id, family, peers, local, service }: ExportEntry, way: 'in' | 'out', verdict: 'pass' | 'block drop'): string {
  const [source, destination] = way === 'in' ? [peers, local] : [local, peers];
  const sourcePort = service.kind === 'ports' && service.sourcePort !== null ? ` port ${service.sourcePort}` : '';
  // Reports of group memberships carry an IP option, which pf drops otherwise (IGMP, and MLD among what is locked open).
  const options = service.kind === 'igmp' || (id === 'icmp' && family === 6) ? ' allow-opts' : '';
  return `${verdict} ${way} quick ${FAMILY_WORDS[family]}${protocolOf(service, family)} from ${printEnd(source)}${sourcePort} to ${printEnd(destination)}${portsOf(service, family)}${options} label "${id}"`;
}

const printEnd = (match: LiveMatch): string => {
  if (match.kind === 'any') return 'any';
  const networks = match.ranges.flatMap(printCidrs);
  return networks.length === 1 ? (networks[0] ?? '') : `{ ${networks.join(', ')} }`;
};

function protocolOf(service: ExportService, family: 4 | 6): string {
  if (service.kind === 'any') return '';
  if (service.kind === 'icmp') return ` proto ${family === 4 ? 'icmp' : 'icmp6'}`;
  return ` proto ${service.kind === 'igmp' ? 'igmp' : service.protocol}`;
}

/** What stands behind the destination: ports, or the types of ICMP. */
function portsOf(service: ExportService, family: 4 | 6): string {
  if (service.kind === 'icmp') return service.types === 'all' ? '' : ` ${family === 4 ? 'icmp-type' : 'icmp6-type'} { ${service.types.join(', ')} }`;
  return service.kind === 'ports' && !isAllPorts(service.ports) ? ` port { ${service.ports.map(printPorts).join(', ')} }` : '';
}

const printPorts = ({ from, to }: PortRange): string => (from === to ? String(from) : `${from}:${to}`);
