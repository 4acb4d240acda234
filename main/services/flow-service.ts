import type { ServiceEntry } from '../../shared/model/service.ts';
import { toProtocol } from '../../shared/policy/judge-flow.ts';
import type { StoredFlow } from '../db/flow-query.ts';

/** Whether a recorded flow is one of these services. The recorder keeps no ICMP types: ICMP of the right family is one of each. */
export function isOfService(entries: readonly ServiceEntry[] | 'any', { protocol, port }: Pick<StoredFlow, 'protocol' | 'port'>): boolean {
  if (entries === 'any') return true;
  return entries.some((entry) => {
    if (entry.kind === 'ports') return entry.protocol === protocol && entry.from <= port && port <= entry.to;
    return toProtocol(protocol) === (entry.family === 4 ? 'icmp' : 'icmpv6');
  });
}
