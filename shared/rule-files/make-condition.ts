import type { Family } from '../net/address.ts';
import { type PortRange, toPortSet } from '../net/port-set.ts';
import { type AddressRange, toRangeSet } from '../net/range-set.ts';
import { PORT_PROTOCOLS, readIcmpType, readPorts, readProtocol, readRange } from './read-values.ts';
import type { Condition } from './rule-file.ts';

/** One comparison as text and JSON of nft both say it: `fields` such as `ip saddr`, several where they are concatenated; each tuple has a value a field. */
export type Comparison = { readonly fields: readonly string[]; readonly not: boolean; readonly tuples: readonly (readonly string[])[] };

const unknown = (reason: string): Condition => ({ kind: 'unknown', reason });

/** What these fields ask even where the values are not known: `ip saddr @who` is IPv4 in any case. */
export function impliedBy(fields: readonly string[]): Condition[] {
  return fields.flatMap((field): Condition[] => {
    const port = /^(tcp|udp|sctp|dccp|udplite|th) [sd]port$/.exec(field);
    if (port !== null) return [{ kind: 'protocol', family: null, numbers: port[1] === 'th' ? PORT_PROTOCOLS : [readProtocol(port[1] ?? '') ?? 0], not: false }];
    if (field === 'icmp type' || field === 'icmpv6 type') return [{ kind: 'protocol', family: null, numbers: [field === 'icmp type' ? 1 : 58], not: false }];
    if (field.startsWith('ip ') || field.startsWith('ip6 ')) return [{ kind: 'family', family: field.startsWith('ip ') ? 4 : 6, not: false }];
    return [];
  });
}

/** With one value that cannot be read the whole comparison may hold or not. */
export function makeCondition({ fields, not, tuples }: Comparison): Condition {
  const [field] = fields;
  if (fields.length === 1 && field !== undefined) return makeSingle(field, not, tuples.map(([value]) => value ?? ''));
  const made: Condition[][] = [];
  for (const tuple of tuples) {
    if (tuple.length !== fields.length) return unknown('a set whose elements have other parts than what is compared');
    const parts = fields.map((name, place) => makeSingle(name, false, [tuple[place] ?? '']));
    const unread = parts.find((part) => part.kind === 'unknown');
    if (unread !== undefined) return unread;
    made.push(parts);
  }
  return not ? oneOf([[...impliedBy(fields), oneOf(made, true)]]) : oneOf(made);
}

const oneOf = (tuples: readonly (readonly Condition[])[], not = false): Condition => ({ kind: 'oneOf', tuples, not });

function makeSingle(field: string, not: boolean, values: readonly string[]): Condition {
  const isWild = values.includes('*');
  const all: ReadAll = (read) => {
    const known = values.flatMap((value) => read(value) ?? []);
    return known.length === values.length ? known : null;
  };
  const unread = () => unknown(`“${field}” is compared with what was not understood: ${values.slice(0, 3).join(', ')}`);
  // Of what the field is in: `tcp dport vmap { * : drop }` says nothing about UDP.
  if (isWild && values.length === 1) return not ? { kind: 'always', holds: false } : oneOf([impliedBy([field])]);
  if (isWild) return unread();
  const address = /^(ip|ip6) ([sd])addr$/.exec(field);
  if (address !== null) {
    const ranges = all(readRange);
    const family: Family = address[1] === 'ip' ? 4 : 6;
    return ranges === null || ranges.some((range) => range.family !== family) ? unread() : addresses(address[2] === 's' ? 'source' : 'destination', family, ranges, not);
  }
  const port = /^(tcp|udp|sctp|dccp|udplite|th) ([sd])port$/.exec(field);
  if (port !== null) {
    const ports = all(readPorts);
    const protocols = port[1] === 'th' ? PORT_PROTOCOLS : [readProtocol(port[1] ?? '') ?? 0];
    return ports === null ? unread() : { kind: port[2] === 'd' ? 'port' : 'sourcePort', protocols, ports: toPortSet(ports), not };
  }
  return makeOther(field, not, values, { all, unread });
}

const addresses = (kind: 'source' | 'destination', family: Family, ranges: readonly AddressRange[], not: boolean): Condition => ({ kind, family, ranges: toRangeSet(ranges), not });

/** Null if one of the values is not understood. */
type ReadAll = <T extends object | number>(read: (value: string) => T | null) => T[] | null;
type Reading = { all: ReadAll; unread: () => Condition };

function makeOther(field: string, not: boolean, values: readonly string[], { all, unread }: Reading): Condition {
  switch (field) {
    case 'ip protocol':
    case 'ip6 nexthdr':
    case 'meta l4proto': {
      const numbers = all(readProtocols)?.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i)) ?? null;
      return numbers === null ? unread() : { kind: 'protocol', family: field === 'meta l4proto' ? null : field === 'ip protocol' ? 4 : 6, numbers, not };
    }
    case 'icmp type':
    case 'icmpv6 type': {
      const protocol = field === 'icmp type' ? 1 : 58;
      const types: PortRange[] | null = all((value) => readIcmpType(value, protocol));
      return types === null ? unread() : { kind: 'type', protocol, types: toPortSet(types), not };
    }
    case 'meta nfproto':
    case 'meta protocol':
      return makeFamily(not, values) ?? unread();
    case 'ct state':
      return makeState(values, not) ?? unread();
    case 'fib daddr type':
      return makeKind(not, values, ['local']) ?? unread();
    case 'meta pkttype':
      return makeKind(not, values, ['host', 'unicast']) ?? unread();
    case 'meta iifname':
    case 'meta iif':
      // What comes from the network never comes in on the loopback interface.
      return values.every((value) => value === 'lo') ? { kind: 'always', holds: not } : { kind: 'interface', names: values, not };
    default:
      return unknown(`“${field}” is not modelled`);
  }
}

/** Of the first packet of a connection; null where a word is no state. */
export function makeState(states: readonly string[], not: boolean): Condition | null {
  if (!states.every((state) => /^(new|established|related|invalid|untracked|snat|dnat)$/.test(state))) return null;
  const holds = states.includes('new');
  return { kind: holds === states.includes('untracked') ? 'always' : 'tracked', holds: holds !== not };
}

function readProtocols(value: string): PortRange | null {
  const one = readProtocol(value);
  if (one !== null) return { from: one, to: one };
  const [from, to] = value.split('-').map(readProtocol);
  return typeof from === 'number' && typeof to === 'number' && from <= to ? { from, to } : null;
}

function makeFamily(not: boolean, values: readonly string[]): Condition | null {
  const families = values.map((value) => (/^(ip|ipv4|2|8|0x0800)$/.test(value) ? 4 : /^(ip6|ipv6|10|0x86dd)$/.test(value) ? 6 : null));
  const [family] = families;
  if (family === null || family === undefined || families.includes(null)) return null;
  return new Set(families).size === 2 ? { kind: 'always', holds: !not } : { kind: 'family', family, not };
}

/** To the host itself and not to many: a packet that opens a connection. */
function makeKind(not: boolean, values: readonly string[], own: readonly string[]): Condition | null {
  if (!values.every((value) => /^(local|unicast|host|broadcast|multicast|anycast|other|loopback)$/.test(value))) return null;
  return { kind: 'always', holds: values.some((value) => own.includes(value)) !== not };
}
