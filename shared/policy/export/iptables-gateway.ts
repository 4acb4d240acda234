import type { Family } from '../../net/address.ts';
import { ofFamily } from '../../net/range-set.ts';
import type { Abilities } from './abilities.ts';
import type { ExportEntry, ExportFile, ExportGroup, ExportInput, ExportSide } from './export-form.ts';
import { commented, headerLines } from './export-header.ts';
import { ends, joinEnds, printEnd, serviceMatches, serviceObstacle, TIME_ENDS_MS, until } from './iptables-match.ts';
import { serviceOfTerm } from './list-entries.ts';

/** Of one entry: what would take more is better said to nftables, which has sets. */
const MOST_LINES = 4096;

export const IPTABLES_GATEWAY_ABILITIES: Abilities = {
  deny: true,
  test: true,
  onlyServices: true,
  containments: true,
  // Only by hours of UTC or of the kernel’s own clock, which daylight saving moves.
  schedules: false,
  endsBeforeMs: TIME_ENDS_MS,
  ownAddresses: true,
  obstacle: ({ family, peers, local, service }) => {
    const why = serviceObstacle(service);
    if (why !== null) return why;
    const lines = ends(peers, family, 'src').length * ends(local, family, 'dst').length * serviceMatches(service, family).length;
    return lines > MOST_LINES ? `it would take ${lines} lines, one for each pair of networks; nftables-gateway has sets` : null;
  },
};

const USE = [
  'For a Linux router in front of these hosts that has no nft. Load it as it is, beside what is there: iptables-restore --noflush FILE.v4 and',
  'ip6tables-restore --noflush FILE.v6. NOTHING IS JUDGED until the chain is hooked in, once, with iptables and with ip6tables:',
  '  iptables -C FORWARD -j FBGW-FORWARD || iptables -I FORWARD 1 -j FBGW-FORWARD',
  '  ip6tables -C FORWARD -j FBGW-FORWARD || ip6tables -I FORWARD 1 -j FBGW-FORWARD',
  'It refuses or returns, and never lets anything past the rules behind it. Take it away with -D in place of -I 1, then -F and -X of the chains FBGW-…',
  'It judges what is routed through this machine: not what hosts on one wire send each other, and not what is addressed to the router itself.',
];

type Chain = { readonly name: string; readonly rules: readonly string[] };

/** One file for IPv4 and one for IPv6: whoever loads only one leaves the other family as it is. */
export function printIptablesGateway(input: ExportInput): ExportFile[] {
  const head = commented(headerLines(input, { target: 'iptables-gateway', use: USE }));
  return ([4, 6] as const).map((family) => ({ suffix: `.v${family}`, text: `${head}${printFamily(input.groups, family)}` }));
}

function printFamily(groups: readonly ExportGroup[], family: Family): string {
  const forward = { name: 'FBGW-FORWARD', rules: [...groups.flatMap((group) => cutJumps(group, family)), '-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN', ...groups.flatMap((group) => jumps(group, family))] };
  const chains = [forward, REFUSE, WOULD_REFUSE, ...groups.flatMap((group) => groupChains(group, family))];
  return ['*filter', ...chains.map(({ name }) => `:${name} - [0:0]`), ...chains.flatMap(({ name, rules }) => rules.map((rule) => `-A ${name} ${rule}`)), 'COMMIT', ''].join('\n');
}

const REFUSE: Chain = { name: 'FBGW-REFUSE', rules: ['-m limit --limit 30/minute --limit-burst 30 -j LOG --log-prefix "firebreak deny gateway " --log-level info', '-j DROP'] };
/** Reached by goto, so that its end is the end of whoever went there; the rule counts. */
const WOULD_REFUSE: Chain = { name: 'FBGW-WOULD', rules: ['-j RETURN'] };

const SIDES = ['out', 'in'] as const;
const isEmpty = (side: ExportSide): boolean => side.deny.length === 0 && side.otherwise.kind === 'pass';
const isCut = (side: ExportSide): boolean => side.quarantine.length + side.closed.length > 0;
const nameOf = (group: ExportGroup, way: 'in' | 'out', prefix = ''): string => `FBGW-${prefix}${way.toUpperCase()}-${group.number}`;

const jumps = (group: ExportGroup, family: Family): string[] => SIDES.flatMap((way) => (isEmpty(group[way]) ? [] : steer(group, family, way, nameOf(group, way))));
const cutJumps = (group: ExportGroup, family: Family): string[] => SIDES.flatMap((way) => (isCut(group[way]) ? steer(group, family, way, nameOf(group, way, 'C')) : []));

const steer = ({ addresses }: ExportGroup, family: Family, way: 'in' | 'out', chain: string): string[] =>
  ofFamily(addresses, family).map((range) => `${printEnd(range, way === 'in' ? 'dst' : 'src')} -j ${chain}`);

function groupChains(group: ExportGroup, family: Family): Chain[] {
  return SIDES.flatMap((way): Chain[] => {
    const side = group[way];
    const print = (entries: readonly ExportEntry[], verdict: string) => entries.filter((entry) => entry.family === family).flatMap((entry) => printEntry(entry, way, verdict));
    const refusal = group.mode === 'test' ? '-g FBGW-WOULD' : '-g FBGW-REFUSE';
    const closed = side.closed.length === 0 ? [] : ['-m conntrack --ctdir REPLY -j RETURN', ...print(side.closed, '-g FBGW-REFUSE')];
    const cut = { name: nameOf(group, way, 'C'), rules: [...print(side.spared, '-j RETURN'), ...print(side.quarantine, '-g FBGW-REFUSE'), ...closed] };
    const isManagement = ({ id }: ExportEntry) => id === 'management';
    const judged = {
      name: nameOf(group, way),
      rules: [
        ...print(side.locked.filter(isManagement), '-j RETURN'),
        ...(side.dropsInvalid ? [`! -p ${family === 4 ? 'icmp' : 'ipv6-icmp'} -m conntrack --ctstate INVALID -j DROP`] : []),
        ...print(side.locked.filter((entry) => !isManagement(entry)), '-j RETURN'),
        ...print(side.deny, refusal),
        ...print(side.allow, '-j RETURN'),
        ...printOtherwise(side, family, refusal),
      ],
    };
    return [...(isCut(side) ? [cut] : []), ...(isEmpty(side) ? [] : [judged])];
  });
}

function printOtherwise({ otherwise }: ExportSide, family: Family, refusal: string): string[] {
  if (otherwise.kind === 'pass') return [];
  if (otherwise.only === null) return [refusal];
  return otherwise.only.flatMap((term) => {
    const service = serviceOfTerm(term, family);
    return service === null ? [] : serviceMatches(service, family).map((match) => `${match} ${refusal}`.trim());
  });
}

function printEntry({ id, family, peers, local, service, endsAtMs }: ExportEntry, way: 'in' | 'out', verdict: string): string[] {
  const [peerEnd, localEnd] = way === 'in' ? (['src', 'dst'] as const) : (['dst', 'src'] as const);
  const time = endsAtMs === null ? [] : [until(endsAtMs)];
  return ends(peers, family, peerEnd).flatMap((peer) =>
    ends(local, family, localEnd).flatMap((own) => serviceMatches(service, family).map((match) => [...joinEnds(peer, own), match, ...time, `-m comment --comment ${id} ${verdict}`].filter((part) => part !== '').join(' '))),
  );
}
