import { type Address, getAddress } from '../net/address.ts';
import { containsAddress } from '../net/range-set.ts';
import type { ContainmentRow, ServiceMatch } from './host-ruleset.ts';

/** What a host recorded as refused: last at `atMs`, by its clock. Port 0 where the protocol has none. */
export type RecordedRefusal = { readonly direction: 'in' | 'out' | 'forward'; readonly peer: string; readonly protocol: string; readonly port: number; readonly atMs: number };

/**
 * Whether a containment refused it, and not the rules: those refuse nothing on a host that tests, while a containment does. What a quarantined host spares is
 * never recorded as refused. ICMP types are not recorded, so that ICMP counts where a closed service has any of it.
 */
export function isContainedRefusal(rows: readonly ContainmentRow[], refusal: RecordedRefusal): boolean {
  return rows.some((row) => refusal.atMs < row.endsAtMs && (row.kind === 'quarantine-row' || (refusal.direction === 'in' && isClosed(row, refusal))));
}

function isClosed({ services, except }: Extract<ContainmentRow, { kind: 'close-row' }>, refusal: RecordedRefusal): boolean {
  const peer = getAddress(refusal.peer);
  return !containsAddress(except, peer) && usesService(services, refusal, peer.family);
}

function usesService(services: ServiceMatch, { protocol, port }: RecordedRefusal, family: Address['family']): boolean {
  if (services.kind === 'any') return true;
  return services.terms.some((term) =>
    term.kind === 'ports' ? term.protocol === protocol && term.ports.some(({ from, to }) => from <= port && port <= to) : term.family === family && /^(icmp|icmpv6|ipv6-icmp)$/.test(protocol),
  );
}
