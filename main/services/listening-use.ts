import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { ListeningService } from '../../shared/contract/views.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { findFacts } from '../db/host-state-store.ts';
import { findFirstHour } from '../db/recording-store.ts';
import { listPortUses, type PortUse } from '../db/service-use.ts';
import type { BackendContext } from './backend-context.ts';

type Listener = AgentFacts['listening'][number];

/** The listening services of a host's last facts, each with what was ever recorded as coming in to it; `sinceMs`: from when on anything was recorded. */
export function readListening(ctx: BackendContext, host: HostId): { services: ListeningService[]; sinceMs: number | null } {
  const listening = findFacts(ctx.workspace.read, host)?.listening ?? [];
  const uses = listening.length === 0 ? [] : listPortUses(ctx.workspace.read, host);
  const sinceMs = findFirstHour(ctx.workspace.read, host);
  return { services: listening.map((listener) => withUse(listener, uses, sinceMs !== null)), sinceMs };
}

/** Flows do not say which of the host's own addresses was dialled: two listeners on one port of different addresses share their peers. */
function withUse(listener: Listener, uses: readonly PortUse[], isRecorded: boolean): ListeningService {
  const { protocol, address, port, process, user, unit } = listener;
  const own = uses.filter((use) => use.port === port && use.protocol === protocol.replace(/6$/, '') && familiesOf(address).includes(use.family));
  const isSeen = own.length > 0;
  return {
    protocol,
    address,
    port,
    process,
    user,
    unit,
    everConnected: isSeen ? true : isRecorded && !isLoopback(address) ? false : null,
    peers: sum(own.map((use) => use.peers)),
    connections: sum(own.map((use) => use.connections)),
    firstConnectedAtMs: isSeen ? Math.min(...own.map((use) => use.firstAtMs)) : null,
    lastConnectedAtMs: isSeen ? Math.max(...own.map((use) => use.lastAtMs)) : null,
  };
}

/** A socket on `::` takes IPv4 too, unless it was told not to, which /proc does not show. */
function familiesOf(address: string): readonly (4 | 6)[] {
  if (!address.includes(':')) return [4];
  return address === '::' || address.startsWith('::ffff:') ? [4, 6] : [6];
}

/** What stays on the host is not recorded. */
const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);
