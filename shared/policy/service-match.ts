import type { Service, ServiceEntry, ServiceRef, TransportProtocol } from '../model/service.ts';
import { isNonEmpty } from '../net/address-match.ts';
import type { Family } from '../net/address.ts';
import { type PortRange, toPortSet } from '../net/port-set.ts';
import type { ServiceMatch, ServiceTerm } from './host-ruleset.ts';

const PROTOCOLS: readonly TransportProtocol[] = ['tcp', 'udp', 'sctp'];

/** The entries that references stand for. A name that is unknown throws: `findDanglingReferences` comes before compiling. */
export function expandServices(refs: readonly ServiceRef[], services: readonly Service[]): readonly ServiceEntry[] | 'any' {
  if (refs.some((ref) => ref.kind === 'any')) return 'any';
  return refs.flatMap((ref) => {
    if (ref.kind === 'any') return [];
    if (ref.kind === 'inline') return [ref.entry];
    const service = services.find((candidate) => candidate.name === ref.name);
    if (!service) throw new Error(`unknown service ${ref.name}`);
    return service.entries;
  });
}

/** All of a rule's services as one match: ports merged protocol by protocol, so that a port never leaks from tcp to udp. */
export function toServiceMatch(refs: readonly ServiceRef[], services: readonly Service[]): ServiceMatch {
  const entries = expandServices(refs, services);
  if (entries === 'any') return { kind: 'any' };
  const [first, ...rest] = [...PROTOCOLS.flatMap((protocol) => portsTerm(protocol, entries)), ...icmpTerm(4, entries), ...icmpTerm(6, entries)];
  // Unreachable by the schema (a service has entries, an entry has ports or types), and an empty match must never pass for “any”.
  if (!first) throw new Error('a service without entries');
  return { kind: 'some', terms: [first, ...rest] };
}

function portsTerm(protocol: TransportProtocol, entries: readonly ServiceEntry[]): ServiceTerm[] {
  const ranges = entries.flatMap((entry): PortRange[] => (entry.kind === 'ports' && entry.protocol === protocol ? [{ from: entry.from, to: entry.to }] : []));
  const [first, ...rest] = toPortSet(ranges);
  return first ? [{ kind: 'ports', protocol, ports: [first, ...rest] }] : [];
}

function icmpTerm(family: Family, entries: readonly ServiceEntry[]): ServiceTerm[] {
  const types = entries.flatMap((entry) => (entry.kind === 'icmp' && entry.family === family ? [entry.types] : []));
  if (types.includes('all')) return [{ kind: 'icmp', family, types: 'all' }];
  const numbers = [...new Set(types.flatMap((list) => (list === 'all' ? [] : list)))].sort((a, b) => a - b);
  return isNonEmpty(numbers) ? [{ kind: 'icmp', family, types: numbers }] : [];
}
