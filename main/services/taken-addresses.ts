import type { SshTarget } from '../../shared/model/host.ts';
import type { HostRecord } from '../db/host-store.ts';
import { canonicalAddress, isReachableAddress, listHostAddresses } from './host-addresses.ts';

export type TakenAddress = { readonly address: string; readonly host: string };
export type TakenAddresses = { /** The first of the host's addresses that another has, and who; null when all are free. */ find(host: HostRecord): TakenAddress | null; add(host: HostRecord): void };

/** Same address, or the same SSH way in: two hosts on one address behind different ports are different hosts. */
export function createTakenAddresses(hosts: readonly HostRecord[]): TakenAddresses {
  const byAddress = new Map<string, string>();
  const byWayIn = new Map<string, string>();
  const add = (host: HostRecord) => {
    for (const address of listHostAddresses(host)) if (!byAddress.has(address)) byAddress.set(address, host.name);
    if (host.ssh !== null && !byWayIn.has(wayIn(host.ssh))) byWayIn.set(wayIn(host.ssh), host.name);
  };
  for (const host of hosts) add(host);
  return {
    add,
    find: (host) => {
      const address = listHostAddresses(host).find((one) => isReachableAddress(one) && byAddress.has(one));
      if (address !== undefined) return { address, host: byAddress.get(address) ?? '' };
      const other = host.ssh === null ? undefined : byWayIn.get(wayIn(host.ssh));
      return host.ssh === null || other === undefined ? null : { address: `${host.ssh.address} port ${host.ssh.port}`, host: other };
    },
  };
}

const wayIn = (ssh: SshTarget): string => JSON.stringify([ssh.jump, canonicalAddress(ssh.address) ?? ssh.address.toLowerCase(), ssh.port]);
