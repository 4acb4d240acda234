import type { ServiceEntry, ServiceRef, TransportProtocol } from '../../model/service.ts';
import type { Family } from '../../net/address.ts';
import { LAST_PORT } from '../../net/port-set.ts';
import type { ServiceMatch } from '../host-ruleset.ts';
import type { Span } from './line.ts';

/** Every service as a number: the ports of tcp, udp and sctp one after the other, then the types of ICMP and ICMPv6, then all other protocols as one. */
const PORTS = LAST_PORT + 1;
const PROTOCOLS: readonly TransportProtocol[] = ['tcp', 'udp', 'sctp'];
const ICMP_TYPES = 256;
const ICMP_AT: Record<Family, number> = { 4: 3 * PORTS, 6: 3 * PORTS + ICMP_TYPES };
const OTHER_AT = 3 * PORTS + 2 * ICMP_TYPES;

const span = (first: number, last: number): Span => ({ first: BigInt(first), last: BigInt(last) });

export const ALL_SERVICES: Span = span(0, OTHER_AT);
export const icmpSpan = (family: Family): Span => span(ICMP_AT[family], ICMP_AT[family] + ICMP_TYPES - 1);
/** Everything that can occur in packets of the family. */
export const servicesOfFamily = (family: Family): Span[] => [span(0, ICMP_AT[4] - 1), icmpSpan(family), span(OTHER_AT, OTHER_AT)];

/** What the match means; sorted, apart from each other. */
export function toServiceSpans(match: ServiceMatch): Span[] {
  if (match.kind === 'any') return [ALL_SERVICES];
  return match.terms.flatMap((term): Span[] => {
    if (term.kind === 'ports') {
      const base = PROTOCOLS.indexOf(term.protocol) * PORTS;
      return term.ports.map((range) => span(base + range.from, base + range.to));
    }
    if (term.types === 'all') return [icmpSpan(term.family)];
    return term.types.map((type) => span(ICMP_AT[term.family] + type, ICMP_AT[term.family] + type));
  });
}

/** The number of a transport port; null for protocols without ports. */
export function servicePoint(protocol: string, port: number): number | null {
  const index = PROTOCOLS.findIndex((known) => known === protocol);
  return index < 0 ? null : index * PORTS + port;
}

/** Which ICMP a recorded protocol is; null for others. */
export const icmpFamily = (protocol: string): Family | null => (protocol === 'icmp' ? 4 : protocol === 'icmpv6' || protocol === 'ipv6-icmp' ? 6 : null);
export const OTHER_PROTOCOL_POINT = OTHER_AT;

/** The spans as what a rule can name; null where that cannot be said (other protocols), and for none at all. */
export function toServiceRefs(spans: readonly Span[]): ServiceRef[] | null {
  const entries = spans.flatMap(({ first, last }) => toEntries(Number(first), Number(last)));
  const known = entries.filter((entry) => entry !== null);
  return known.length === 0 || known.length < entries.length ? null : known.map((entry) => ({ kind: 'inline', entry }));
}

/** One entry for each protocol that the numbers run through; null for what is no entry. */
function toEntries(first: number, last: number): (ServiceEntry | null)[] {
  const ports = PROTOCOLS.flatMap((protocol, i): ServiceEntry[] => {
    const [from, to] = [Math.max(first, i * PORTS), Math.min(last, (i + 1) * PORTS - 1)];
    return from > to ? [] : [{ kind: 'ports', protocol, from: from - i * PORTS, to: to - i * PORTS }];
  });
  const icmp = ([4, 6] as const).flatMap((family): ServiceEntry[] => {
    const [from, to] = [Math.max(first, ICMP_AT[family]), Math.min(last, ICMP_AT[family] + ICMP_TYPES - 1)];
    if (from > to) return [];
    const types = Array.from({ length: to - from + 1 }, (_, i) => from - ICMP_AT[family] + i);
    return [{ kind: 'icmp', family, types: types.length === ICMP_TYPES ? 'all' : types }];
  });
  return [...ports, ...icmp, ...(last >= OTHER_AT ? [null] : [])];
}

/** What of `a` is not in `b`; both sorted and apart. */
export function subtractSpans(a: readonly Span[], b: readonly Span[]): Span[] {
  return b.reduce<Span[]>(
    (rest, { first, last }) =>
      rest.flatMap((one) =>
        one.last < first || last < one.first
          ? [one]
          : [
              ...(one.first < first ? [{ first: one.first, last: first - 1n }] : []),
              ...(last < one.last ? [{ first: last + 1n, last: one.last }] : []),
            ],
      ),
    [...a],
  );
}
