import type { ServiceEntry } from '../model/service.ts';
import type { Family } from '../net/address.ts';

/** One packet's worth of a service. `family` is set where only one can carry it; `port` is null for an unknown ICMP type. */
export type ServiceSample = { readonly protocol: 'tcp' | 'udp' | 'sctp' | 'icmp' | 'icmpv6'; readonly port: number | null; readonly family?: Family };

/** A port that nobody registered (IANA dynamic range begins at 49152), as one of “any”. */
const SOME_PORT = 49_999;

/** Both ends of every port range and every ICMP type. `any` is one port of each protocol; all ICMP types are one unknown type. */
export function samplesOf(entries: readonly ServiceEntry[] | 'any'): ServiceSample[] {
  if (entries === 'any') return (['tcp', 'udp', 'sctp'] as const).map((protocol) => ({ protocol, port: SOME_PORT }));
  return entries.flatMap((entry): ServiceSample[] => {
    if (entry.kind === 'ports') return [...new Set([entry.from, entry.to])].map((port) => ({ protocol: entry.protocol, port }));
    const protocol = entry.family === 4 ? 'icmp' : 'icmpv6';
    return (entry.types === 'all' ? [null] : entry.types).map((port) => ({ protocol, port, family: entry.family }));
  });
}
