import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { WriteDb } from '../db/sql.ts';
import { raiseAlert, settleAlerts } from './alert-raise.ts';
import type { BackendContext } from './backend-context.ts';

type Listener = AgentFacts['listening'][number];

/** Linux takes the ports of outgoing sockets from here on (net.ipv4.ip_local_port_range). */
const FIRST_EPHEMERAL_PORT = 32_768;

/**
 * A listening service is new when the host's facts before did not have it; a host's first facts are what it begins with. What listens on loopback alone cannot be
 * reached, and a high UDP port is mostly a client's. A service that takes another high TCP port each time it starts is one as long as its process has the same name.
 */
export function noteListening(ctx: BackendContext, tx: WriteDb, host: HostId, before: AgentFacts | null, after: AgentFacts): void {
  const listening = keyed(after);
  settleAlerts(ctx, tx, host, 'service-new', ({ key, subject }) => (subject.kind === 'more' || listening.has(key) ? null : 'nothing listens there any more'));
  if (before === null) return;
  const known = keyed(before);
  for (const [key, { protocol, address, port, process, user, unit }] of listening) {
    if (known.has(key)) continue;
    raiseAlert(ctx, tx, { host, kind: 'service-new', key, subject: { kind: 'service-new', protocol: protocol.replace(/6$/, ''), address, port, process, user, unit }, count: 1, atMs: ctx.nowMs() });
  }
}

function keyed({ listening }: AgentFacts): Map<string, Listener> {
  const reachable = listening.filter(({ protocol, address, port }) => !isLoopback(address) && !(protocol.startsWith('udp') && port >= FIRST_EPHEMERAL_PORT));
  return new Map(reachable.map((listener) => [keyOf(listener), listener]));
}

function keyOf({ protocol, port, process }: Listener): string {
  const plain = protocol.replace(/6$/, '');
  return port >= FIRST_EPHEMERAL_PORT && process !== null ? `${plain} high ${process}` : `${plain} ${port}`;
}

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
