import { ServiceName } from '../model/names.ts';
import { type ServiceEntry, type ServiceRef, TransportProtocol } from '../model/service.ts';
import { collectParsed, failed, failedWith, type Parsed, parsed, shiftIssues, splitPieces, trimPiece } from './parsed.ts';

const FORMS = 'write tcp/5432, udp/5000-5010, tcp, icmp, icmp/8, icmpv6/128, the name of a service, or any';
const RESERVED = new Set<string>(['any', 'icmp', 'icmpv6', ...TransportProtocol.options]);

/** Reads `tcp/5432`, `udp/5000-5010`, `tcp` (all ports), `icmp`, `icmp/8`, `icmp/8+13` (several types), `icmpv6/128`. */
export function parseServiceEntry(text: string): Parsed<ServiceEntry> {
  const typed = trimPiece({ text, offset: 0 });
  const [protocol = '', ports, ...more] = typed.text.split('/');
  const lower = protocol.trim().toLowerCase();
  const portColumn = typed.offset + protocol.length + 2;
  const transport = TransportProtocol.safeParse(lower);
  if (more.length > 0) return failed(`“${typed.text}” has more than one “/”; ${FORMS}`, typed.offset + 1);
  if (transport.success) {
    if (ports === undefined) return parsed({ kind: 'ports', protocol: transport.data, from: 0, to: 65_535 });
    return parsePorts(transport.data, ports.trim(), portColumn);
  }
  if (lower === 'icmp' || lower === 'icmpv6') return parseIcmp(lower === 'icmp' ? 4 : 6, ports?.trim(), portColumn);
  return failed(adviseOn(typed.text, lower, ports), typed.offset + 1);
}

/** Reads an entry, the name of a service, or `any`. Whether the name exists is for the caller to say. */
export function parseServiceRef(text: string): Parsed<ServiceRef> {
  const typed = trimPiece({ text, offset: 0 });
  if (typed.text.toLowerCase() === 'any') return parsed({ kind: 'any' });
  const looksInline = typed.text.includes('/') || RESERVED.has(typed.text.toLowerCase()) || /^\d/.test(typed.text);
  const name = looksInline ? undefined : ServiceName.safeParse(typed.text);
  if (name?.success) return parsed({ kind: 'named', name: name.data });
  const entry = parseServiceEntry(text);
  return entry.ok ? parsed({ kind: 'inline', entry: entry.value }) : entry;
}

/** Reads a comma-separated list; never empty when ok. */
export const parseServiceRefs = (text: string): Parsed<ServiceRef[]> => parseList(text, parseServiceRef);
export const parseServiceEntries = (text: string): Parsed<ServiceEntry[]> => parseList(text, parseServiceEntry);

/** A service must not be called what an entry is called, or its rules could not be read back. */
export const isReservedServiceName = (name: string): boolean => RESERVED.has(name.toLowerCase()) || /^\d/.test(name);

export function printServiceEntry(entry: ServiceEntry): string {
  if (entry.kind === 'icmp') {
    const protocol = entry.family === 4 ? 'icmp' : 'icmpv6';
    return entry.types === 'all' ? protocol : `${protocol}/${entry.types.join('+')}`;
  }
  if (entry.from === 0 && entry.to === 65_535) return entry.protocol;
  return `${entry.protocol}/${entry.from === entry.to ? entry.from : `${entry.from}-${entry.to}`}`;
}

export function printServiceRef(ref: ServiceRef): string {
  if (ref.kind === 'any') return 'any';
  return ref.kind === 'named' ? ref.name : printServiceEntry(ref.entry);
}

export const printServiceRefs = (refs: readonly ServiceRef[]): string => refs.map(printServiceRef).join(',');

function parsePorts(protocol: TransportProtocol, ports: string, column: number): Parsed<ServiceEntry> {
  const match = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(ports);
  if (!match)
    return failed(`“${ports}” is not a port or a range; write ${protocol}/443 or ${protocol}/5000-5010 (several: ${protocol}/80,${protocol}/443)`, column);
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  const wrong = [from, to].find((port) => port > 65_535);
  if (wrong !== undefined) return failed(`port ${wrong} does not exist; ports run from 0 to 65535`, column);
  if (from > to) return failed(`a port range runs from the lower to the higher port; write ${protocol}/${to}-${from}`, column);
  return parsed({ kind: 'ports', protocol, from, to });
}

function parseIcmp(family: 4 | 6, types: string | undefined, column: number): Parsed<ServiceEntry> {
  if (types === undefined) return parsed({ kind: 'icmp', family, types: 'all' });
  const name = family === 4 ? 'icmp' : 'icmpv6';
  if (!/^\d+(\s*\+\s*\d+)*$/.test(types))
    return failed(`“${types}” is not a type number; write ${name}/${family === 4 ? 8 : 128} (several: ${name}/8+13), or ${name} for all`, column);
  const numbers = types.split('+').map(Number);
  const wrong = numbers.find((type) => type > 255);
  return wrong === undefined ? parsed({ kind: 'icmp', family, types: numbers }) : failed(`type ${wrong} does not exist; ICMP types run from 0 to 255`, column);
}

function adviseOn(typed: string, protocol: string, ports: string | undefined): string {
  if (typed === '') return `a service is missing; ${FORMS}`;
  if (/^\d+(-\d+)?$/.test(protocol)) {
    const transport = TransportProtocol.safeParse(ports?.trim().toLowerCase());
    return `“${typed}” names no protocol first; write ${transport.success ? transport.data : 'tcp'}/${protocol}${transport.success ? '' : ` or udp/${protocol}`}`;
  }
  return `“${typed}” is not a service; ${FORMS}`;
}

function parseList<T>(text: string, parse: (text: string) => Parsed<T>): Parsed<T[]> {
  return collectParsed(
    splitPieces({ text, offset: 0 }, ',').map((piece) => {
      const one = parse(piece.text);
      return one.ok ? one : failedWith(shiftIssues(one.issues, piece.offset));
    }),
  );
}
