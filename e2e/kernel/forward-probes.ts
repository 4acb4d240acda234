import type { FleetHost } from '../../shared/model/host.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { getAddress, printAddress } from '../../shared/net/address.ts';
import type { Packet } from '../../shared/policy/simulate.ts';
import { arbitraryPacket, type Edges } from '../../shared/policy/testing/arbitrary-packet.ts';
import type { Random } from '../../shared/policy/testing/random.ts';
import type { Way } from './forward-oracle.ts';

/** What conntrack takes for the beginning of something, and so can be translated: errors and the rest never are. */
const isNew = (packet: Packet) => packet.protocol === 'tcp' || packet.protocol === 'udp' || (packet.port !== null && [8, 13, 17, 128, 139].includes(packet.port));
const isProbe = (packet: Packet) => isNew(packet) && [packet.source, packet.destination].every((text) => /^(10\.|fd00:)/.test(text));

/** Each with a source port of its own: redirected to one port, two of the same would be one connection. */
export function pickForwardProbes(random: Random, edges: Edges, { host, way, family, amount }: { readonly host: FleetHost; readonly way: Way; readonly family: 4 | 6; readonly amount: number }): Packet[] {
  const probes: Packet[] = [];
  const own = new Set(host.addresses.map((text) => printAddress(getAddress(text))));
  const locals = host.addresses.filter((address) => getAddress(address).family === family);
  for (let tries = 0; probes.length < amount && tries < amount * 40; tries += 1) {
    const local = locals[random.integer(locals.length)];
    if (local === undefined) return [];
    const packet = arbitraryPacket(random, edges, { direction: way === 'published' ? 'in' : 'out', local });
    const peer = way === 'published' ? packet.source : packet.destination;
    const isIcmp = packet.protocol === 'icmp' || packet.protocol === 'icmpv6';
    if (isProbe(packet) && !own.has(peer)) probes.push({ ...packet, sourcePort: isIcmp ? null : 10_000 + probes.length, isForwarded: true });
  }
  return probes;
}

/** The policy without containments that would stop the sentinel, which must get through: quarantines, and closed services that are not ports. */
export const withEchoes = (policy: Policy): Policy => ({ ...policy, containments: policy.containments.filter((one) => one.kind === 'close' && one.services.every((ref) => ref.kind === 'inline' && ref.entry.kind === 'ports')) });
