import { type Family, LAST_ADDRESS } from '../net/address.ts';
import { isAllPorts } from '../net/port-set.ts';
import { listWindows, printUtc, type TimeSpan } from '../time/schedule-windows.ts';
import type { Lane, LiveMatch, RuleRow, ServiceMatch, ServiceTerm } from './host-ruleset.ts';
import type { SetBook } from './print-sets.ts';

/** The nft rules of one row, in a fixed order; none only where its schedule never holds. Each carries the rule's id as its comment and counts on its own. */
export function printRow(row: RuleRow, direction: 'in' | 'out', sets: SetBook, scheduleSpan: TimeSpan | null): string[] {
  const times = printTimes(row, sets, scheduleSpan);
  if (!times) return [];
  const verdict = row.action === 'allow' ? 'accept' : `goto miss_${direction}`;
  const tail = `counter ${verdict} comment "${row.ruleId}"`;
  return mergeLanes(row.lanes).flatMap((lanes) =>
    termsIn(row, lanes).flatMap((term) =>
      printIdentity(row, sets).map((who) => [...printEnds(lanes, direction, sets, familyOf(term)), ...printService(term, sets), ...who, ...times, tail].join(' ')),
    ),
  );
}

/** IPv4 and IPv6 as one rule where neither is restricted by address; else one rule each. */
const mergeLanes = (lanes: readonly Lane[]): (readonly Lane[])[] =>
  lanes.length === 2 && lanes.every((lane) => isFree(lane.peers, lane) && isFree(lane.local, lane)) ? [lanes] : lanes.map((lane) => [lane]);

/** Terms that can occur in these lanes, null for any service. ICMP terms narrow to their own family. */
function termsIn(row: RuleRow, lanes: readonly Lane[]): readonly (ServiceTerm | null)[] {
  if (row.services.kind === 'any') return [null];
  return row.services.terms.filter((term) => lanes.some((lane) => (familyOf(term) ?? lane.family) === lane.family));
}

const familyOf = (term: ServiceTerm | null): Family | null => (term?.kind === 'icmp' ? term.family : null);

function printEnds(lanes: readonly Lane[], direction: 'in' | 'out', sets: SetBook, narrowed: Family | null): string[] {
  const [lane] = lanes;
  if (lanes.length !== 1 || !lane) return narrowed ? [`meta nfproto ipv${narrowed}`] : [];
  const ip = lane.family === 4 ? 'ip' : 'ip6';
  const print = (match: LiveMatch, end: string) =>
    match.kind === 'any' || isFree(match, lane) ? [] : [`${ip} ${end} ${sets.addresses(lane.family, match.ranges)}`];
  const [peerEnd, localEnd] = direction === 'in' ? ['saddr', 'daddr'] : ['daddr', 'saddr'];
  const ends = [...print(lane.peers, peerEnd), ...print(lane.local, localEnd)];
  return ends.length > 0 ? ends : [`meta nfproto ipv${lane.family}`];
}

/**
 * Alternatives, one rule each. A packet without a socket has no owner, and so matches no rule for one. Services lie at level 2
 * (system.slice/NAME), instances of templates at level 3 (system.slice/system-TEMPLATE.slice/NAME); what they start in cgroups below counts too.
 */
function printIdentity({ as }: RuleRow, sets: SetBook): string[][] {
  if (!as) return [[]];
  const set = sets.identity(as);
  if (as.kind === 'unit') return [2, 3].map((level) => [`socket cgroupv2 level ${level} ${set}`]);
  return [[`meta ${as.kind === 'user' ? 'skuid' : 'skgid'} ${set}`]];
}

/** Both ends of a rule's life are the host's own to keep. Null where the schedule has no window, so that the rule never holds. */
function printTimes({ schedule, endsAtMs }: RuleRow, sets: SetBook, span: TimeSpan | null): string[] | null {
  const end = endsAtMs === null ? [] : [`meta time < "${printUtc(endsAtMs)}"`];
  if (!schedule) return end;
  if (!span) throw new Error('a row with a schedule in a ruleset without a span');
  const [first, ...rest] = listWindows(schedule, span);
  return first ? [`meta time ${sets.times([first, ...rest])}`, ...end] : null;
}

/** Matches of a service in either direction and whatever family, one a protocol; [''] for any service. */
export const printServices = (services: ServiceMatch, sets: SetBook): string[] =>
  services.kind === 'any' ? [''] : services.terms.map((term) => [...(term.kind === 'icmp' ? [`meta nfproto ipv${term.family}`] : []), ...printService(term, sets)].join(' '));

/** No restriction within the lane's family: `any`, or 0.0.0.0/0 and ::/0 spelled out. */
const isFree = (match: LiveMatch, lane: Lane): boolean =>
  match.kind === 'any' || (match.ranges.length === 1 && match.ranges[0].first === 0n && match.ranges[0].last === LAST_ADDRESS[lane.family]);

/** One rule a protocol: a list of protocols with ports beside it is where Capirca opened every port. */
function printService(term: ServiceTerm | null, sets: SetBook): string[] {
  if (!term) return [];
  if (term.kind === 'ports') return isAllPorts(term.ports) ? [`meta l4proto ${term.protocol}`] : [`${term.protocol} dport ${sets.ports(term.ports)}`];
  const protocol = term.family === 4 ? 'icmp' : 'icmpv6';
  if (term.types === 'all') return [`meta l4proto ${protocol === 'icmp' ? 'icmp' : 'ipv6-icmp'}`];
  return [`${protocol} type ${term.types.length === 1 ? term.types[0] : `{ ${term.types.join(', ')} }`}`];
}
