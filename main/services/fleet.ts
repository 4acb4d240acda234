import type { FleetHost } from '../../shared/model/host.ts';
import type { Labels } from '../../shared/model/label.ts';
import type { HostRecord } from '../db/host-store.ts';
import type { HostState } from '../db/host-state-store.ts';
import type { BackendContext } from './backend-context.ts';
import { canonicalAddress, listHostAddresses } from './host-addresses.ts';
import { readLabellings } from './host-labels.ts';
import { readHostRecords, readHostStates } from './host-records.ts';
import { postureAt } from '../../shared/posture/say-posture.ts';

/**
 * All hosts as the compiler and the simulator take them, by name. An address that several hosts report (a virtual address, a container
 * bridge under an unknown name) stands for none of them, unless it was entered by hand: a rule for one would else let in the others.
 */
export function listFleet(ctx: BackendContext): FleetHost[] {
  const states = readHostStates(ctx);
  const hosts = readHostRecords(ctx);
  const claims = countClaims(hosts);
  const labellings = readLabellings(ctx, hosts);
  return hosts.map((host) => toFleetHost(host, { state: states.get(host.id), claims, labels: labellings.get(host.id)?.labels ?? host.handLabels, nowMs: ctx.nowMs() }));
}

/** Addresses that several hosts report and that so stand for none of them, with the hosts' names; sorted by address. */
export function listSharedAddresses(ctx: BackendContext): { address: string; hosts: string[] }[] {
  const reports = readHostRecords(ctx).flatMap((host) => listHostAddresses(host).map((address) => ({ address, host: host.name })));
  return [...Map.groupBy(reports, ({ address }) => address)]
    .filter(([, claims]) => claims.length > 1)
    .map(([address, claims]) => ({ address, hosts: claims.map(({ host }) => host) }))
    .toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

function countClaims(hosts: readonly HostRecord[]): Map<string, number> {
  const claims = new Map<string, number>();
  for (const address of hosts.flatMap(listHostAddresses)) claims.set(address, (claims.get(address) ?? 0) + 1);
  return claims;
}

function toFleetHost(host: HostRecord, { state, claims, labels, nowMs }: { state: HostState | undefined; claims: ReadonlyMap<string, number>; labels: Labels; nowMs: number }): FleetHost {
  const byHand = new Set(host.addresses.filter((a) => a.source === 'manual').map((a) => a.address));
  const network = state?.network ?? null;
  const published = network?.published ?? [];
  return {
    id: host.id,
    name: host.name,
    labels,
    addresses: listHostAddresses(host).filter((a) => byHand.has(a) || claims.get(a) === 1),
    managed: host.ssh !== null || host.carried,
    management: {
      consoleAddresses: host.consoleAddresses,
      // As the host sees it: behind a forwarded port sshd listens on another one than we connect to.
      sshPort: network?.sshPort ?? host.ssh?.port ?? 22,
    },
    resolvers: canonicalOnly(network?.resolvers ?? []),
    timeServers: canonicalOnly(network?.timeServers ?? []),
    ...(network?.cgroupKeys === false ? { cgroupKeys: false } : {}),
    ...(network?.backend === 'iptables' ? { backend: 'iptables' as const } : {}),
    ...(published.length > 0 ? { published } : {}),
    ...(network?.posture == null ? {} : { posture: postureAt(network.posture, nowMs) }),
  };
}

const canonicalOnly = (texts: readonly string[]): string[] => [...new Set(texts.map(canonicalAddress).filter((a) => a !== null))].sort();
