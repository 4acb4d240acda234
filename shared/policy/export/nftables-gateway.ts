import { isNonEmpty, type NonEmpty } from '../../net/address-match.ts';
import type { Family } from '../../net/address.ts';
import { isAllPorts } from '../../net/port-set.ts';
import { ofFamily } from '../../net/range-set.ts';
import type { TimeSpan } from '../../time/schedule-windows.ts';
import type { LiveMatch } from '../host-ruleset.ts';
import { createSetBook, type SetBook } from '../print-sets.ts';
import type { Abilities } from './abilities.ts';
import type { ExportEntry, ExportFile, ExportGroup, ExportInput, ExportService, ExportSide } from './export-form.ts';
import { commented, headerLines } from './export-header.ts';
import { serviceOfTerm } from './list-entries.ts';

export const NFTABLES_GATEWAY_ABILITIES: Abilities = { deny: true, test: true, onlyServices: true, containments: true, schedules: true, endsBeforeMs: Infinity, ownAddresses: true, obstacle: () => null };

const TABLE = 'inet firebreak_gateway';
const USE = [
  'For a Linux router in front of these hosts. Load it with: nft -f FILE (and at boot: include it from /etc/nftables.conf).',
  'It replaces its own table “inet firebreak_gateway” in one transaction and touches no other. Take it away with: nft delete table inet firebreak_gateway',
  'It judges what is routed through this machine: not what hosts on one wire send each other, and not what is addressed to the router itself.',
  'Addresses are those behind destination translation and before source translation.',
];

type Chain = { readonly name: string; readonly rules: readonly string[] };

/**
 * A table for the forward hook. A packet that both ends are protected hosts of has to pass the chain of its source and that of its destination: what lets it
 * through returns, what refuses it is final.
 */
export function printNftablesGateway(input: ExportInput): ExportFile[] {
  const sets = createSetBook();
  const chains = input.groups.flatMap((group) => groupChains(group, sets));
  const forward = { name: 'forward', rules: [...input.groups.flatMap((group) => cutJumps(group, sets)), 'ct state established,related accept', ...input.groups.flatMap((group) => jumps(group, sets))] };
  const body = [
    `table ${TABLE}`,
    `delete table ${TABLE}`,
    `table ${TABLE} {`,
    ...sets.declarations().map((declaration) => `\t${declaration}`),
    ...[REFUSE, WOULD_REFUSE, ...chains].map(printChain),
    printChain({ ...forward, rules: ['type filter hook forward priority filter + 20; policy accept;', ...forward.rules] }),
    '}',
    '',
  ].join('\n');
  return [{ suffix: '', text: commented(headerLines(input, { target: 'nftables-gateway', use: USE })) + body }];
}

/** Dropped and never rejected: a stranger who knocks gets no answer. */
const REFUSE: Chain = { name: 'refuse', rules: ['limit rate 30/minute burst 30 packets log prefix "firebreak deny gateway " level info', 'counter drop'] };
/** Reached by `goto`, so that its end is the end of whoever went there. */
const WOULD_REFUSE: Chain = { name: 'would_refuse', rules: ['counter'] };

const printChain = ({ name, rules }: Chain): string => `\tchain ${name} {\n${rules.map((rule) => `\t\t${rule}\n`).join('')}\t}`;

const SIDES = ['out', 'in'] as const;

const isEmpty = (side: ExportSide): boolean => side.deny.length === 0 && side.otherwise.kind === 'pass';
const isCut = (side: ExportSide): boolean => side.quarantine.length + side.closed.length > 0;

const jumps = (group: ExportGroup, sets: SetBook): string[] => SIDES.flatMap((way) => (isEmpty(group[way]) ? [] : steer(group, way, `${way}_${group.number}`, sets)));

/** Before established connections are let through, so that these end too. */
const cutJumps = (group: ExportGroup, sets: SetBook): string[] => SIDES.flatMap((way) => (isCut(group[way]) ? steer(group, way, `contain_${way}_${group.number}`, sets) : []));

function steer({ addresses }: ExportGroup, way: 'in' | 'out', chain: string, sets: SetBook): string[] {
  return ([4, 6] as const).flatMap((family) => {
    const own = ofFamily(addresses, family);
    return isNonEmpty(own) ? [`${ip(family)} ${way === 'in' ? 'daddr' : 'saddr'} ${sets.addresses(family, own)} jump ${chain}`] : [];
  });
}

const ip = (family: Family): string => (family === 4 ? 'ip' : 'ip6');

function groupChains(group: ExportGroup, sets: SetBook): Chain[] {
  return SIDES.flatMap((way): Chain[] => {
    const side = group[way];
    const print = (entries: readonly ExportEntry[], verdict: string) => entries.map((entry) => printEntry(entry, way, verdict, sets));
    const refusal = group.mode === 'test' ? 'goto would_refuse' : 'goto refuse';
    // A reply to a connection of the host's own may come in to any port; a packet that belongs to no connection has no direction.
    const closed = side.closed.length === 0 ? [] : ['ct direction reply return', ...print(side.closed, 'goto refuse')];
    const cut = { name: `contain_${way}_${group.number}`, rules: [...print(side.spared, 'return'), ...print(side.quarantine, 'goto refuse'), ...closed] };
    const judged = {
      name: `${way}_${group.number}`,
      rules: [
        ...print(side.locked.filter(({ id }) => id === 'management'), 'return'),
        ...(side.dropsInvalid ? ['ct state invalid meta l4proto != icmp meta l4proto != ipv6-icmp counter drop'] : []),
        ...print(side.locked.filter(({ id }) => id !== 'management'), 'return'),
        ...print(side.deny, refusal),
        ...print(side.allow, 'return'),
        ...printOtherwise(side, refusal, sets),
      ],
    };
    return [...(isCut(side) ? [cut] : []), ...(isEmpty(side) ? [] : [judged])];
  });
}

function printOtherwise({ otherwise }: ExportSide, refusal: string, sets: SetBook): string[] {
  if (otherwise.kind === 'pass') return [];
  if (otherwise.only === null) return [refusal];
  return otherwise.only.flatMap((term) => {
    const families = term.kind === 'icmp' ? [term.family] : ([4] as const);
    return families.flatMap((family) => {
      const service = serviceOfTerm(term, family);
      return service === null ? [] : [[...(term.kind === 'icmp' ? [`meta nfproto ipv${family}`] : []), ...printService(service, family, sets), refusal].join(' ')];
    });
  });
}

function printEntry({ id, family, peers, local, service, windows, endsAtMs }: ExportEntry, way: 'in' | 'out', verdict: string, sets: SetBook): string {
  const [peerEnd, localEnd] = way === 'in' ? ['saddr', 'daddr'] : ['daddr', 'saddr'];
  const end = (match: LiveMatch, name: string) => (match.kind === 'any' ? [] : [`${ip(family)} ${name} ${sets.addresses(family, match.ranges)}`]);
  const ends = [...end(peers, peerEnd), ...end(local, localEnd)];
  const times = [...(windows ? [`meta time ${printWindows(windows)}`] : []), ...(endsAtMs === null ? [] : [`meta time < ${seconds(endsAtMs)}`])];
  return [...(ends.length > 0 ? ends : [`meta nfproto ipv${family}`]), ...printService(service, family, sets), ...times, `counter ${verdict} comment "${id}"`].join(' ');
}

/** Seconds since 1970: a time that is written as a date is read in the time zone of whoever loads the file. */
const seconds = (atMs: number): string => String(Math.floor(atMs / 1000));

/** The end is the first instant after the window, which nft counts as inside, as on hosts. */
const printWindows = (windows: NonEmpty<TimeSpan>): string => `{ ${windows.map(({ fromMs, toMs }) => `${seconds(fromMs)}-${seconds(toMs)}`).join(', ')} }`;

function printService(service: ExportService, family: Family, sets: SetBook): string[] {
  switch (service.kind) {
    case 'any':
      return [];
    case 'igmp':
      return ['meta l4proto igmp'];
    case 'icmp': {
      const protocol = family === 4 ? 'icmp' : 'icmpv6';
      if (service.types === 'all') return [`meta l4proto ${family === 4 ? 'icmp' : 'ipv6-icmp'}`];
      return [`${protocol} type ${service.types.length === 1 ? service.types[0] : `{ ${service.types.join(', ')} }`}`];
    }
    case 'ports': {
      const { protocol, ports, sourcePort } = service;
      const source = sourcePort === null ? [] : [`${protocol} sport ${sourcePort}`];
      if (isAllPorts(ports)) return source.length > 0 ? source : [`meta l4proto ${protocol}`];
      return [...source, `${protocol} dport ${sets.ports(ports)}`];
    }
  }
}
