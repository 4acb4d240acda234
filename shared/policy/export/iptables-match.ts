import type { NonEmpty } from '../../net/address-match.ts';
import { type Family, printAddress } from '../../net/address.ts';
import { isAllPorts, type PortRange } from '../../net/port-set.ts';
import { printRange } from '../../net/print-range.ts';
import { type AddressRange, ofFamily } from '../../net/range-set.ts';
import type { LiveMatch } from '../host-ruleset.ts';
import type { ExportService } from './export-form.ts';

/** Matches of iptables and ip6tables, for whatever prints their rules. */

/** xt_time counts seconds in 32 bits; its last is in 2038. */
export const TIME_ENDS_MS = Date.UTC(2038, 0, 1);

/** `--icmp-type 255` is any type (netfilter’s xt_icmp). */
const ANY_ICMP_TYPE = 255;

/** Why a service cannot be said; null where it can. */
export const serviceObstacle = (service: ExportService): string | null =>
  service.kind === 'icmp' && service.types !== 'all' && service.types.includes(ANY_ICMP_TYPE) ? 'it names ICMP type 255, which iptables takes for every type' : null;

/** Until before an instant, in UTC; iptables counts the last second as inside. */
export const until = (atMs: number): string => `-m time --datestop ${new Date(atMs - 1000).toISOString().slice(0, 19)}`;

/** The match may be there only once in a rule. */
export const joinEnds = (a: string, b: string): string[] => (a.startsWith(RANGE) && b.startsWith(RANGE) ? [a, b.slice(RANGE.length)] : [a, b]);
const RANGE = '-m iprange ';

/** One match a network, since there are no sets; [''] for everybody. */
export const ends = (match: LiveMatch, family: Family, end: 'src' | 'dst'): string[] => (match.kind === 'any' ? [''] : ofFamily(match.ranges, family).map((range) => printEnd(range, end)));

export function printEnd(range: AddressRange, end: 'src' | 'dst'): string {
  const text = printRange(range);
  if (!text.includes('-')) return `${end === 'src' ? '-s' : '-d'} ${text}`;
  return `${RANGE}--${end}-range ${printAddress({ family: range.family, value: range.first })}-${printAddress({ family: range.family, value: range.last })}`;
}

/** Alternatives, one rule each; [''] for any service. */
export function serviceMatches(service: ExportService, family: Family): string[] {
  switch (service.kind) {
    case 'any':
      return [''];
    case 'igmp':
      return ['-p 2'];
    case 'icmp': {
      const [protocol, option] = family === 4 ? ['-p icmp', '--icmp-type'] : ['-p ipv6-icmp', '--icmpv6-type'];
      return service.types === 'all' ? [protocol] : service.types.map((type) => `${protocol} -m ${family === 4 ? 'icmp' : 'icmp6'} ${option} ${type}`);
    }
    case 'ports': {
      const { protocol, ports, sourcePort } = service;
      const head = `-p ${protocol}${sourcePort === null ? '' : ` -m ${protocol} --sport ${sourcePort}`}`;
      return isAllPorts(ports) ? [head] : chunkPorts(ports).map((chunk) => `${head} -m multiport --dports ${chunk.join(',')}`);
    }
  }
}

/** Of at most 15 ports each, where a range counts as two (xt_multiport). */
function chunkPorts(ports: NonEmpty<PortRange>): string[][] {
  const chunks: string[][] = [];
  let room = 0;
  for (const { from, to } of ports) {
    const size = from === to ? 1 : 2;
    if (room < size) {
      chunks.push([]);
      room = 15;
    }
    chunks.at(-1)?.push(from === to ? `${from}` : `${from}:${to}`);
    room -= size;
  }
  return chunks;
}
