import { isNonEmpty } from '../../net/address-match.ts';
import type { Family } from '../../net/address.ts';
import { LAST_PORT } from '../../net/port-set.ts';
import { cidrRange } from '../../net/parse-cidr.ts';
import { Cidr } from '../../model/peer.ts';
import { complementRanges, ofFamily, type RangeSet } from '../../net/range-set.ts';
import { listWindows, type TimeSpan } from '../../time/schedule-windows.ts';
import { ESSENTIAL_ICMP_TYPES, QUARANTINE_ICMP_TYPES } from '../essential.ts';
import type { ContainmentRow, Essential, LiveMatch, RuleRow, ServiceMatch, ServiceTerm } from '../host-ruleset.ts';
import type { ExportEntry, ExportService, LockedName } from './export-form.ts';

const ANYONE: LiveMatch = { kind: 'any' };
const FAMILIES: readonly Family[] = [4, 6];
const LINK_LOCAL = cidrRange(Cidr.parse('fe80::/10'));
/** All DHCPv6 servers and relays on a link (RFC 8415, section 7.1). */
const DHCP_SERVERS = cidrRange(Cidr.parse('ff02::1:2'));

/** One entry a family and protocol; none where the row's schedule never holds. */
export function entriesOfRow(row: RuleRow, span: TimeSpan | null): ExportEntry[] {
  const windows = row.schedule && span ? listWindows(row.schedule, span) : null;
  if (windows && !isNonEmpty(windows)) return [];
  return row.lanes.flatMap(({ family, peers, local }) =>
    servicesIn(row.services, family).map((service) => ({ id: row.ruleId, family, peers, local, service, as: row.as, windows: windows && isNonEmpty(windows) ? windows : null, endsAtMs: row.endsAtMs })),
  );
}

/** The locked block, in the order in which hosts have it. What passes on a link only (neighbour discovery, leases) is in it too: a bridge may pass it on. */
export function lockedEntries(direction: 'in' | 'out', essential: Essential): ExportEntry[] {
  const servers = (id: LockedName, set: RangeSet, protocol: 'tcp' | 'udp', port: number) => toAddresses(id, set, ports(protocol, port));
  return [
    ...management(direction, essential),
    ...FAMILIES.map((family) => locked('icmp', family, ANYONE, icmp(ESSENTIAL_ICMP_TYPES[family]))),
    locked('icmp', 4, ANYONE, { kind: 'igmp' }),
    ...leases(direction),
    ...(direction === 'in' ? [] : [...servers('resolvers', essential.resolvers, 'tcp', 53), ...servers('resolvers', essential.resolvers, 'udp', 53), ...servers('time-servers', essential.timeServers, 'udp', 123)]),
  ];
}

/** What a contained host keeps. */
export const sparedEntries = (direction: 'in' | 'out', essential: Essential): ExportEntry[] => [
  ...management(direction, essential),
  ...FAMILIES.map((family) => locked('icmp', family, ANYONE, icmp(QUARANTINE_ICMP_TYPES[family]))),
  ...leases(direction),
];

/** Everything, or whoever connects to the services and is not exempted, until the containment ends. */
export function entriesOfContainment(row: ContainmentRow): ExportEntry[] {
  const cut = { id: row.id, local: ANYONE, as: null, windows: null, endsAtMs: row.endsAtMs };
  if (row.kind === 'quarantine-row') return FAMILIES.map((family) => ({ ...cut, family, peers: ANYONE, service: { kind: 'any' } }));
  const others = row.except.length === 0 ? null : complementRanges(row.except);
  return FAMILIES.flatMap((family) => {
    const ranges = others && ofFamily(others, family);
    if (ranges && !isNonEmpty(ranges)) return [];
    const peers: LiveMatch = ranges && isNonEmpty(ranges) ? { kind: 'in', ranges } : ANYONE;
    return servicesIn(row.services, family).map((service) => ({ ...cut, family, peers, service }));
  });
}

/** What of the services can occur in the family. */
export const servicesIn = (services: ServiceMatch, family: Family): ExportService[] => (services.kind === 'any' ? [{ kind: 'any' }] : services.terms.flatMap((term) => serviceOfTerm(term, family) ?? []));

export function serviceOfTerm(term: ServiceTerm, family: Family): ExportService | null {
  if (term.kind === 'ports') return { kind: 'ports', protocol: term.protocol, ports: term.ports, sourcePort: null };
  return term.family === family ? { kind: 'icmp', types: term.types } : null;
}

const locked = (id: LockedName, family: Family, peers: LiveMatch, service: ExportService): ExportEntry => ({ id, family, peers, local: ANYONE, service, as: null, windows: null, endsAtMs: null });

const ports = (protocol: 'tcp' | 'udp', port: number, sourcePort: number | null = null): ExportService => ({ kind: 'ports', protocol, ports: [{ from: port, to: port }], sourcePort });

const icmp = (types: readonly number[]): ExportService => ({ kind: 'icmp', types: isNonEmpty(types) ? types : 'all' });

function toAddresses(id: LockedName, set: RangeSet, service: ExportService): ExportEntry[] {
  return FAMILIES.flatMap((family) => {
    const ranges = ofFamily(set, family);
    return isNonEmpty(ranges) ? [locked(id, family, { kind: 'in', ranges }, service)] : [];
  });
}

/** SSH from the consoles, and its answers by themselves: a firewall that is loaded anew may not know the connection. */
const management = (direction: 'in' | 'out', { consoles, sshPort }: Essential): ExportEntry[] =>
  toAddresses('management', consoles, direction === 'in' ? ports('tcp', sshPort) : { kind: 'ports', protocol: 'tcp', ports: [{ from: 0, to: LAST_PORT }], sourcePort: sshPort });

const leases = (direction: 'in' | 'out'): ExportEntry[] =>
  direction === 'in'
    ? [locked('dhcp', 4, ANYONE, ports('udp', 68, 67)), locked('dhcp', 6, { kind: 'in', ranges: [LINK_LOCAL] }, ports('udp', 546, 547))]
    : [locked('dhcp', 4, ANYONE, ports('udp', 67, 68)), locked('dhcp', 6, { kind: 'in', ranges: [LINK_LOCAL, DHCP_SERVERS] }, ports('udp', 547, 546))];
