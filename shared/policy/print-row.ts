import { isNonEmpty } from '../net/address-match.ts';
import { type Family, LAST_ADDRESS } from '../net/address.ts';
import { isAllPorts } from '../net/port-set.ts';
import { listWindows, printUtc, type TimeSpan } from '../time/schedule-windows.ts';
import type { Lane, LiveMatch, RuleRow, ServiceMatch, ServiceTerm } from './host-ruleset.ts';
import { passVerdict, type Place } from './layout.ts';
import { createSetBook, type SetBook, type SetContent } from './print-sets.ts';

/**
 * The nft rules of one row, in a fixed order; none only where its schedule never holds. Each carries the rule's id as its comment and counts on its own.
 * Rows for an owner of a socket cannot be printed for `pub` and `masq`, where there is none.
 */
export function printRow(row: RuleRow, place: Place, sets: SetBook, scheduleSpan: TimeSpan | null): readonly string[] {
  // A row is the same object on all hosts that have it, and until somebody changes its rule.
  const key = `${place} ${row.schedule ? scheduleSpan?.toMs : ''}`;
  const printed = printedRows.get(row) ?? new Map<string, PrintedRow>();
  printedRows.set(row, printed);
  const known = printed.get(key) ?? printAnew(row, place, scheduleSpan);
  printed.set(key, known);
  sets.include(known.sets);
  return known.rules;
}

type PrintedRow = { readonly rules: readonly string[]; readonly sets: SetContent };
const printedRows = new WeakMap<RuleRow, Map<string, PrintedRow>>();

function printAnew(row: RuleRow, place: Place, scheduleSpan: TimeSpan | null): PrintedRow {
  const sets = createSetBook();
  const times = printTimes(row, sets, scheduleSpan);
  if (!times) return { rules: [], sets: sets.content() };
  const verdict = row.action === 'allow' ? passVerdict(place) : `goto miss_${place}`;
  const tail = `counter ${verdict} comment "${row.ruleId}"`;
  const rules = mergeLanes(row.lanes).flatMap((lanes) =>
    termsIn(row, lanes).flatMap((term) =>
      printIdentity(row, sets).map((who) => [...printEnds(lanes, place, sets, familyOf(term)), ...printService(term, place, sets), ...who, ...times, tail].join(' ')),
    ),
  );
  return { rules, sets: sets.content() };
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

function printEnds(lanes: readonly Lane[], place: Place, sets: SetBook, narrowed: Family | null): string[] {
  const [lane] = lanes;
  if (lanes.length !== 1 || !lane) return narrowed ? [`meta nfproto ipv${narrowed}`] : [];
  const ip = lane.family === 4 ? 'ip' : 'ip6';
  const print = (match: LiveMatch, end: string) =>
    match.kind === 'any' || isFree(match, lane) ? [] : [`${end} ${sets.addresses(lane.family, match.ranges)}`];
  const [peerEnd, localEnd] = place === 'in' || place === 'pub' ? ['saddr', 'daddr'] : ['daddr', 'saddr'];
  // A redirected packet has another destination by now; the connection remembers the one that it came to.
  const ends = [...print(lane.peers, `${ip} ${peerEnd}`), ...print(lane.local, `${place === 'pub' ? 'ct original ' : ''}${ip} ${localEnd}`)];
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
  const windows = listWindows(schedule, span);
  return isNonEmpty(windows) ? [`meta time ${sets.times(windows)}`, ...end] : null;
}

/** Matches of a service in whatever family, one a protocol; [''] for any service. */
export const printServices = (services: ServiceMatch, place: Place, sets: SetBook): string[] =>
  services.kind === 'any' ? [''] : services.terms.map((term) => [...(term.kind === 'icmp' ? [`meta nfproto ipv${term.family}`] : []), ...printService(term, place, sets)].join(' '));

/** No restriction within the lane's family: `any`, or 0.0.0.0/0 and ::/0 spelled out. */
const isFree = (match: LiveMatch, lane: Lane): boolean =>
  match.kind === 'any' || (match.ranges.length === 1 && match.ranges[0].first === 0n && match.ranges[0].last === LAST_ADDRESS[lane.family]);

/** One rule a protocol: a list of protocols with ports beside it is where Capirca opened every port. */
function printService(term: ServiceTerm | null, place: Place, sets: SetBook): string[] {
  if (!term) return [];
  if (term.kind === 'ports' && isAllPorts(term.ports)) return [`meta l4proto ${term.protocol}`];
  if (term.kind === 'ports') return [place === 'pub' ? `meta l4proto ${term.protocol} ct original proto-dst ${sets.ports(term.ports)}` : `${term.protocol} dport ${sets.ports(term.ports)}`];
  const protocol = term.family === 4 ? 'icmp' : 'icmpv6';
  if (term.types === 'all') return [`meta l4proto ${protocol === 'icmp' ? 'icmp' : 'ipv6-icmp'}`];
  return [`${protocol} type ${term.types.length === 1 ? term.types[0] : `{ ${term.types.join(', ')} }`}`];
}
