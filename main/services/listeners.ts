import type { HostId } from '../../shared/model/ids.ts';
import type { Family } from '../../shared/net/address.ts';
import type { Listener } from '../../shared/policy/reach/reach-world.ts';
import { type ListeningSocket, listListeningSockets } from '../db/listening-store.ts';
import type { BackendContext } from './backend-context.ts';
import { canonicalAddress } from './host-addresses.ts';

/** What takes connections from the network, by host; a host without facts is missing. Sockets on loopback are left out. */
export const listListeners = (ctx: BackendContext): Map<HostId, Listener[]> =>
  new Map([...listListeningSockets(ctx.workspace.read)].map(([host, sockets]) => [host, sockets.flatMap(toListener)]));

function toListener({ protocol: written, address: bound, port, process, unit }: ListeningSocket): Listener[] {
  const protocol = written.replace(/6$/, '');
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') return [];
  const about = { protocol, port, process, unit } as const;
  // A socket on `::` takes IPv4 too, unless it was told not to, which /proc does not show.
  if (bound === '::' || bound === '*') return [{ ...about, families: BOTH, address: null }];
  if (bound === '0.0.0.0') return [{ ...about, families: [4], address: null }];
  const address = canonicalAddress(bound.replace(/^::ffff:(?=\d+\.)/, ''));
  if (address === null || address.startsWith('127.') || address === '::1') return [];
  return [{ ...about, families: [address.includes(':') ? 6 : 4], address }];
}

const BOTH: readonly Family[] = [4, 6];
