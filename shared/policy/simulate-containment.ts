import { type Closure, isInForce } from '../model/containment.ts';
import type { FleetHost } from '../model/host.ts';
import type { ContainmentId, HostId } from '../model/ids.ts';
import type { Peer } from '../model/peer.ts';
import type { Policy } from '../model/policy.ts';
import { QUARANTINE_ICMP_TYPES } from './essential.ts';
import { createEssentialReader } from './simulate-essential.ts';
import { createServiceReader, type Ip, type PeerReader, type ReadPacket } from './simulate-match.ts';
import type { ZoneOfHost } from './zones.ts';

/** Which containment refuses a packet at a host; null where none does. */
export type ContainmentReader = (packet: ReadPacket, direction: 'in' | 'out') => ContainmentId | null;

type Reading = {
  readonly policy: Policy;
  readonly zones: ReadonlyMap<HostId, ZoneOfHost>;
  readonly readPeer: (peer: Peer) => PeerReader;
  readonly toIp: (text: string) => Ip;
  readonly nowMs: number;
};

/**
 * The simulator's own reading of containments, beside what is compiled. In force is what has not ended at `nowMs`, whatever a packet's own time: observed flows
 * are asked about as if they came now. Null for a host that none is about.
 */
export function createContainmentReader(host: FleetHost, { policy, zones, readPeer, toIp, nowMs }: Reading): ContainmentReader | null {
  const zone = zones.get(host.id)?.zone?.name;
  const about = policy.containments.filter((one) => isInForce(one, nowMs) && (one.kind === 'quarantine' ? one.host === host.name : one.zone === zone)).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (about.length === 0) return null;
  const essential = createEssentialReader(host, toIp);
  const refusers = about.map((one) => ({ id: one.id, refuses: one.kind === 'quarantine' ? () => true : readClosure(one, { host, policy, readPeer }) }));
  // A quarantine comes first on a host, too, so that the counter and the blame agree.
  const ordered = [...refusers.filter((_, i) => about[i]?.kind === 'quarantine'), ...refusers.filter((_, i) => about[i]?.kind === 'close')];
  return (packet, direction) => {
    const reason = packet.isForwarded ? null : essential[direction === 'in' ? 'inbound' : 'outbound'](packet);
    if (reason === 'loopback' || reason === 'management' || reason === 'dhcp' || (!packet.isForwarded && isSparedIcmp(packet))) return null;
    return ordered.find(({ refuses }) => refuses(packet, direction))?.id ?? null;
  };
}

type AtHost = Pick<Reading, 'policy' | 'readPeer'> & { readonly host: FleetHost };

function readClosure(closure: Closure, { host, policy, readPeer }: AtHost): (packet: ReadPacket, direction: 'in' | 'out') => boolean {
  const usesService = createServiceReader(closure.services, policy);
  const exempted = closure.except.filter(({ to }) => to === host.name).map(({ from }) => readPeer(from));
  return (packet, direction) => direction === 'in' && usesService(packet) && !exempted.some((peer) => peer.hasAddress(packet.source));
}

function isSparedIcmp({ protocol, family, port }: ReadPacket): boolean {
  return protocol === (family === 4 ? 'icmp' : 'icmpv6') && port !== null && QUARANTINE_ICMP_TYPES[family].includes(port);
}
