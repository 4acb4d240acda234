import type { ZoneMode } from '../../model/policy.ts';
import type { Family } from '../../net/address.ts';
import { printCidrs } from '../../net/print-range.ts';
import { ofFamily, type RangeSet } from '../../net/range-set.ts';
import type { ExportEntry, ExportGroup, ExportSide } from './export-form.ts';
import { entryRules } from './iptables-entries.ts';
import { serviceMatches, until } from './iptables-match.ts';
import { type IptablesChain, type IptablesPlace, NEW, recordingChains, verdictChains } from './iptables-recording.ts';
import type { IpsetBook } from './iptables-sets.ts';
import { serviceOfTerm } from './list-entries.ts';

/** Which chain of ours each chain of the kernel's jumps to. */
export const HOOKED_CHAINS = { INPUT: 'FB-IN', OUTPUT: 'FB-OUT', FORWARD: 'FB-FWD' } as const;

/** What becomes rules on one host. */
export type HostSides = Pick<ExportGroup, 'mode' | 'in' | 'out'> & { readonly addresses: RangeSet };

/** All chains of one family, the same names in every policy: what is reloaded leaves nothing behind of what was there. */
export function hostChains(group: HostSides, family: Family, sets: IpsetBook): IptablesChain[] {
  const host: Host = { group, family, rulesOf: (entries, place, verdict) => entries.filter((entry) => entry.family === family).flatMap((entry) => entryRules(entry, place, verdict, sets)) };
  return [...endChains(host, 'IN'), ...endChains(host, 'OUT'), ...forwardChains(host), ...verdictChains(group.mode), ...recordingChains(family)];
}

type Host = { readonly group: HostSides; readonly family: Family; readonly rulesOf: (entries: readonly ExportEntry[], place: IptablesPlace, verdict: string) => string[] };

const isJudged = (mode: ZoneMode): boolean => mode !== 'observe';
const isManagement = ({ id }: ExportEntry): boolean => id === 'management';
const isTcp = ({ service }: ExportEntry): boolean => service.kind === 'ports' && service.protocol === 'tcp';

/**
 * Containments, then what is established, and only then what costs a packet something. Between chains of ours it is goto, but for what records: whatever is let
 * through returns to the kernel's own chain, where rules of others still hold. Nothing here accepts.
 */
function endChains(host: Host, place: 'IN' | 'OUT'): IptablesChain[] {
  const { group, rulesOf } = host;
  const side = sideOf(group, place);
  const loopback = `${place === 'IN' ? '-i' : '-o'} lo -j RETURN`;
  const isContained = side.quarantine.length + side.closed.length > 0;
  return [
    {
      name: `FB-${place}`,
      rules: [
        ...containedJump([...side.quarantine, ...side.closed], `FB-C-${place}`),
        '-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN',
        loopback,
        ...rulesOf(side.locked.filter(isManagement), place, '-j RETURN'),
        invalidRule(host, place),
        ...(place === 'OUT' || !isJudged(group.mode) ? [`${NEW} -j FB-REC-${place}`] : []),
        ...(isJudged(group.mode) ? lockedRules(host, place) : []),
      ],
    },
    { name: `FB-${place}-R`, rules: isJudged(group.mode) ? [...rulesOf(side.deny, place, `-g FB-MISS-${place}`), ...rulesOf(side.allow, place, `-g FB-PASS-${place}`), ...otherwiseRules(host, side, place)] : [] },
    { name: `FB-C-${place}`, rules: isContained ? [loopback, ...rulesOf(side.spared, place, '-j RETURN'), ...rulesOf(side.quarantine, place, `-g FB-CUT-${place}`), ...closedRules(host, place)] : [] },
  ];
}

/** Most new connections are TCP, and hardly anything locked is: they are spared the walk. */
function lockedRules({ group, rulesOf }: Host, place: 'IN' | 'OUT'): string[] {
  const [pass, next] = [`-g FB-PASS-${place}`, `-g FB-${place}-R`];
  const locked = sideOf(group, place).locked.filter((entry) => !isManagement(entry));
  return [...rulesOf(locked.filter(isTcp), place, pass), `-p tcp ${next}`, ...rulesOf(locked.filter((entry) => !isTcp(entry)), place, pass), next];
}

const sideOf = (group: HostSides, place: IptablesPlace): ExportSide => (place === 'OUT' ? group.out : group.in);

/** Until the last of them ends, so that a host on which all have ended walks one rule more. */
function containedJump(entries: readonly ExportEntry[], chain: string): string[] {
  const ends = entries.flatMap(({ endsAtMs }) => endsAtMs ?? []);
  return ends.length === 0 ? [] : [`${until(Math.max(...ends))} -j ${chain}`];
}

/** ICMP is not tracked well enough to be judged invalid. Where only some services are refused, what is invalid is judged by its service like everything else. */
function invalidRule({ group, family }: Host, place: 'IN' | 'OUT'): string {
  const { dropsInvalid, otherwise } = sideOf(group, place);
  const isJudgedByService = !dropsInvalid && group.mode === 'enforce' && otherwise.kind === 'refuse';
  const verdict = dropsInvalid ? ' -j DROP' : isJudgedByService ? '' : ' -j RETURN';
  return `! -p ${family === 4 ? 'icmp' : 'ipv6-icmp'} -m conntrack --ctstate INVALID -m comment --comment invalid_${place.toLowerCase()}${verdict}`;
}

/** What becomes of what no rule decides: all of it, or the selected services only, is refused. */
function otherwiseRules({ family, rulesOf }: Host, { otherwise }: ExportSide, place: IptablesPlace): string[] {
  const miss = `-g FB-MISS-${place}`;
  const pass = `-g FB-PASS-${place}`;
  if (otherwise.kind === 'pass') return [pass];
  if (otherwise.only === null) return [miss];
  const services = otherwise.only.flatMap((term) => serviceOfTerm(term, family) ?? []);
  // What was redirected is asked by the port that its peer meant, as entries are.
  const asEntries = services.map((service): ExportEntry => ({ id: 'default', family, peers: { kind: 'any' }, local: { kind: 'any' }, service, as: null, windows: null, endsAtMs: null }));
  const refused = place === 'FWD' ? rulesOf(asEntries, place, miss) : services.flatMap((service) => serviceMatches(service, family)).map((match) => `${match} ${miss}`);
  return [...refused, pass];
}

/** A reply to a connection of the host's own may come in to any port. What belongs to no connection has no direction, so it is asked for replies and not for the rest. */
const closedRules = ({ group, rulesOf }: Host, place: IptablesPlace): string[] =>
  place === 'OUT' || group.in.closed.length === 0 ? [] : ['-m conntrack --ctdir REPLY -j RETURN', ...rulesOf(group.in.closed, place, `-g FB-CUT-${place}`)];

/**
 * What was addressed to the host and is redirected into a container is judged as what comes in to it, by what its peer asked for. All else that passes through
 * is recorded under its own ends: no hook of iptables that can refuse sees what address it leaves under.
 */
function forwardChains(host: Host): IptablesChain[] {
  const { group, family, rulesOf } = host;
  const side = group.in;
  const own = ofFamily(group.addresses, family).flatMap(printCidrs).map((address) => `-m conntrack --ctstate DNAT --ctorigdst ${address}`);
  return [
    {
      name: 'FB-FWD',
      rules: [
        ...containedJump([...side.quarantine, ...side.closed], 'FB-C-FWD'),
        '-m conntrack --ctstate ESTABLISHED,RELATED -j RETURN',
        ...own.map((match) => `${NEW} ${match} -g FB-FWD-R`),
        `${NEW} -j FB-REC-FWD`,
      ],
    },
    { name: 'FB-FWD-R', rules: isJudged(group.mode) ? redirectedRules(host) : ['-g FB-PASS-FWD'] },
    { name: 'FB-C-FWD', rules: [...own.map((match) => `${match} -j FB-C-PUB`), ...rulesOf(side.quarantine, 'FWD', '-j DROP')] },
    { name: 'FB-C-PUB', rules: [...rulesOf(side.quarantine, 'FWD', '-g FB-CUT-FWD'), ...closedRules(host, 'FWD')] },
  ];
}

/** Neither leases nor the console's way in come through a redirection. */
function redirectedRules(host: Host): string[] {
  const { rulesOf, group: { in: side } } = host;
  const icmp = side.locked.filter(({ service }) => service.kind === 'icmp');
  return [...rulesOf(icmp, 'FWD', '-g FB-PASS-FWD'), ...rulesOf(side.deny, 'FWD', '-g FB-MISS-FWD'), ...rulesOf(side.allow, 'FWD', '-g FB-PASS-FWD'), ...otherwiseRules(host, side, 'FWD')];
}
