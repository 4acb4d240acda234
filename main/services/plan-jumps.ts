import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { listHosts } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { canonicalAddress } from './host-addresses.ts';

/** The first host on the way to each managed host: its jump host, or the one that this console runs on. */
export function listJumps(ctx: BackendContext, fleet: readonly FleetHost[]): { host: HostId; through: HostId }[] {
  const idOf = new Map<string, HostId>(fleet.map((host) => [host.name, host.id]));
  const here = findConsoleHost(ctx, fleet)?.id;
  return listHosts(ctx.workspace.read).flatMap((host) => {
    if (host.ssh === null) return [];
    const through = host.ssh.jump === null ? here : idOf.get(host.ssh.jump);
    return through === undefined || through === host.id ? [] : [{ host: host.id, through }];
  });
}

/** Reached from its own address, which is also one of this machine's: one of the two alone can be an old record, or a bridge's address. */
export function findConsoleHost(ctx: BackendContext, fleet: readonly FleetHost[]): FleetHost | undefined {
  const local = new Set(ctx.localAddresses().map(canonicalAddress));
  const isLoopback = (address: string) => address === '::1' || address.startsWith('127.');
  return fleet.find(
    ({ addresses, management }) =>
      addresses.some((address) => local.has(address)) && management.consoleAddresses.some((address) => addresses.includes(address) || isLoopback(address)),
  );
}
