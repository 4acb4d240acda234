import type { Family } from '../net/address.ts';
import { type PortRange, toPortSet } from '../net/port-set.ts';
import { toRangeSet } from '../net/range-set.ts';
import { makeState } from './make-condition.ts';
import { PORT_PROTOCOLS, readIcmpType, readPorts, readProtocol, readRange } from './read-values.ts';
import type { Condition } from './rule-file.ts';
import { makeFlags, readFlags } from './tcp-flags.ts';

/** `protocol`: what -p says in the same rule. */
export type MatchContext = { readonly family: Family; readonly protocol: string | null };

/** How many words each option takes. What is here and has no model below is said to have none. */
export const OPTION_VALUES: Readonly<Record<string, number>> = {
  '-m': 1, '--match': 1, '-s': 1, '--source': 1, '--src': 1, '-d': 1, '--destination': 1, '--dst': 1, '-p': 1, '--protocol': 1, '-i': 1, '--in-interface': 1, '-o': 1, '--out-interface': 1, '--dport': 1, '--dports': 1, '--destination-port': 1, '--destination-ports': 1,
  '--sport': 1, '--sports': 1, '--source-port': 1, '--source-ports': 1, '--ports': 1, '--state': 1, '--ctstate': 1, '--icmp-type': 1, '--icmpv6-type': 1, '--tcp-flags': 2, '--syn': 0, '--comment': 1, '--src-range': 1, '--dst-range': 1, '--match-set': 2, '--mark': 1, '--ctstatus': 1,
  '--dst-type': 1, '--src-type': 1, '--limit-iface-in': 0, '--pkt-type': 1, '--mac-source': 1, '--uid-owner': 1, '--gid-owner': 1, '--limit': 1, '--limit-burst': 1, '-f': 0, '--fragment': 0, '--name': 1, '--rsource': 0, '--rdest': 0, '--set': 0, '--rcheck': 0, '--update': 0, '--remove': 0,
  '--seconds': 1, '--hitcount': 1, '--mask': 1, '--reap': 0, '--rttl': 0, '--connlimit-above': 1, '--connlimit-upto': 1, '--connlimit-mask': 1, '--connlimit-saddr': 0, '--connlimit-daddr': 0, '--hashlimit-above': 1, '--hashlimit-upto': 1, '--hashlimit-burst': 1, '--hashlimit-mode': 1,
  '--hashlimit-name': 1, '--hashlimit-htable-expire': 1, '--hashlimit-srcmask': 1, '--string': 1, '--algo': 1, '--to': 1, '--from': 1, '--tcp-option': 1, '--ctdir': 1, '--ctorigdstport': 1, '--ctorigdst': 1, '--ctproto': 1, '--timestart': 1, '--timestop': 1, '--weekdays': 1, '--kerneltz': 0,
  '--physdev-in': 1, '--physdev-out': 1, '--physdev-is-bridged': 0, '--physdev-is-in': 0, '--physdev-is-out': 0, '--dir': 1, '--pol': 1, '--length': 1, '--ttl-eq': 1, '--hl-eq': 1, '--socket': 0, '--transparent': 0, '--probability': 1, '--mode': 1, '-c': 2, '--set-counters': 2, '-4': 0, '--ipv4': 0, '-6': 0, '--ipv6': 0, '--reject-with': 1,
};
/** Only says what its neighbours ask. */
const SILENT = new Set(['--comment', '--reject-with', '-c', '--set-counters', '-4', '--ipv4', '-6', '--ipv6', '--name', '--rsource', '--rdest', '--limit-burst', '--hashlimit-burst', '--hashlimit-mode', '--hashlimit-name', '--hashlimit-htable-expire', '--hashlimit-srcmask', '--seconds', '--hitcount', '--mask', '--connlimit-mask', '--connlimit-saddr', '--connlimit-daddr', '--algo', '--set', '--mode']);

/** Matches that ask by their options alone; others (socket, rpfilter, eui64) ask something by being there. */
const BY_OPTIONS = new Set(['tcp', 'udp', 'udplite', 'sctp', 'dccp', 'icmp', 'icmp6', 'icmpv6', 'multiport', 'state', 'conntrack', 'comment', 'addrtype', 'iprange', 'pkttype', 'set', 'mark', 'connmark', 'recent', 'limit', 'hashlimit', 'connlimit', 'mac', 'owner', 'string', 'time', 'physdev', 'policy', 'length', 'ttl', 'hl', 'statistic', 'dscp', 'tos', 'bpf', 'geoip', 'u32', 'cgroup', 'tcpmss', 'helper']);

const unknown = (reason: string): Condition => ({ kind: 'unknown', reason });

/** What one option asks of a packet; null where it asks nothing. */
export function makeMatch(option: string, values: readonly string[], not: boolean, context: MatchContext): Condition | Condition[] | null {
  const value = values[0] ?? '';
  const unread = () => unknown(`“${option} ${values.join(' ')}” was not understood`);
  if (SILENT.has(option)) return null;
  switch (option) {
    case '-s':
    case '--source':
    case '--src':
    case '--src-range':
      return makeAddresses('source', value, not, context) ?? unread();
    case '-d':
    case '--destination':
    case '--dst':
    case '--dst-range':
      return makeAddresses('destination', value, not, context) ?? unread();
    case '-p':
    case '--protocol':
      return makeProtocol(value, not) ?? unread();
    case '-m':
    case '--match':
      return BY_OPTIONS.has(value) ? null : unknown(`“${option} ${value}” is not modelled`);
    case '-i':
    case '--in-interface':
      return value === 'lo' ? { kind: 'always', holds: not } : value === '+' ? { kind: 'always', holds: !not } : { kind: 'interface', names: [value], not };
    case '--state':
    case '--ctstate':
      return (/[a-z]/.test(value) ? null : makeState(value.toLowerCase().split(','), not)) ?? unread();
    case '--syn':
      return makeFlags(2 | 4 | 16 | 1, 2, not);
    case '--tcp-flags':
      return makeTcpFlags(values, not) ?? unread();
    case '--icmp-type':
    case '--icmpv6-type':
      return makeType(value, not, option === '--icmp-type' ? 1 : 58) ?? unread();
    case '--dst-type':
      return /^[A-Z,]+$/.test(value) ? { kind: 'always', holds: value.split(',').includes('LOCAL') !== not } : unread();
    case '--pkt-type':
      return /^(unicast|broadcast|multicast)$/.test(value) ? { kind: 'always', holds: (value === 'unicast') !== not } : unread();
    default:
      return makePorts(option, value, not, context) ?? unknown(`“${option}” is not modelled`);
  }
}

function makeAddresses(kind: 'source' | 'destination', value: string, not: boolean, { family }: MatchContext): Condition | null {
  const ranges = value.split(',').map(readRange);
  const known = ranges.flatMap((range) => (range === null || range.family !== family ? [] : [range]));
  return known.length === ranges.length ? { kind, family, ranges: toRangeSet(known), not } : null;
}

function makeProtocol(value: string, not: boolean): Condition | null {
  if (value === 'all' || value === '0') return { kind: 'always', holds: !not };
  const number = readProtocol(value);
  return number === null ? null : { kind: 'protocol', family: null, numbers: [number], not };
}

function makeTcpFlags([mask = '', wanted = '']: readonly string[], not: boolean): Condition[] | null {
  const [maskBits, wantedBits] = [readFlags(mask.split(',')), readFlags(wanted.split(','))];
  return maskBits === null || wantedBits === null ? null : makeFlags(maskBits, wantedBits, not);
}

function makeType(value: string, not: boolean, protocol: number): Condition | null {
  if (value === 'any' || value === '255') return { kind: 'protocol', family: null, numbers: [protocol], not };
  // A code narrows the type further; what has one is not decided by the type alone.
  const types = readIcmpType(value, protocol);
  return types === null ? null : { kind: 'type', protocol, types: toPortSet([types]), not };
}

function makePorts(option: string, value: string, not: boolean, { protocol }: MatchContext): Condition | null {
  const isTo = /^--(dports?|destination-ports?)$/.test(option);
  if (!isTo && !/^--(sports?|source-ports?)$/.test(option)) return null;
  const parts = value.split(',').map(readPorts);
  const ports: PortRange[] = parts.flatMap((part) => part ?? []);
  const number = protocol === null ? null : readProtocol(protocol);
  return ports.length < parts.length ? unknown(`“${option} ${value}” was not understood`) : { kind: isTo ? 'port' : 'sourcePort', protocols: number === null ? PORT_PROTOCOLS : [number], ports: toPortSet(ports), not };
}
