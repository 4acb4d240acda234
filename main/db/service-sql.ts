import type { ServiceEntry } from '../../shared/model/service.ts';

/** The same protocol under the names that kernels and logs give it. */
const ICMP_NAMES = { 4: ['icmp'], 6: ['icmpv6', 'ipv6-icmp'] } as const;

export const protocolNames = (entry: ServiceEntry): readonly string[] => (entry.kind === 'ports' ? [entry.protocol] : ICMP_NAMES[entry.family]);

/** The entries as a condition on `protocol` and `port`: words and numbers of closed sets, so that nothing has to be bound. ICMP types are not recorded: each counts as all of them. No entries match nothing. */
export function serviceSql(entries: readonly ServiceEntry[]): string {
  const parts = entries.map((entry) => {
    const names = protocolNames(entry).map((name) => `'${name}'`);
    return entry.kind === 'ports' ? `(protocol IN (${names.join(', ')}) AND port BETWEEN ${entry.from} AND ${entry.to})` : `protocol IN (${names.join(', ')})`;
  });
  return parts.length === 0 ? '0' : `(${parts.join(' OR ')})`;
}
