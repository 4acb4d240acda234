import type { FlowDirection, FlowVerdict } from '../../model/flow.ts';
import type { JudgedFlow } from '../judge-flow.ts';
import { arbitraryPacket, type edgesOf } from './arbitrary-packet.ts';
import type { arbitraryPolicy } from './arbitrary-policy.ts';
import { hostId } from './builders.ts';
import type { Random } from './random.ts';

const MINUTES_A_YEAR = 365 * 24 * 60;
const ODD_PEERS = ['127.0.0.1', '::1', 'fe80::1', 'ff02::1:2', '10.1.0.9', 'fd00:1::9', '10.0.0.3', 'fd00::3', '192.0.2.9', '2001:db8::9'] as const;

/** A flow between what the policy's edges are, seen at any time of the year before `nowMs`, by senders that rules name and others. */
export function arbitraryFlow(random: Random, { policy, hosts }: ReturnType<typeof arbitraryPolicy>, { edges, nowMs }: { readonly edges: ReturnType<typeof edgesOf>; readonly nowMs: number }): JudgedFlow {
  const reporter = hosts[random.integer(hosts.length)];
  const direction = random.pick<FlowDirection>(['in', 'in', 'out', 'out', 'forward']);
  const local = reporter?.addresses[0] ?? '10.7.7.7';
  const packet = arbitraryPacket(random, edges, { direction: direction === 'in' ? 'in' : 'out', local });
  const other = direction === 'in' ? packet.source : packet.destination;
  const zoned = policy.zones.length;
  return {
    reporter: random.chance(0.03) ? hostId(999 + zoned) : (reporter?.id ?? hostId(999)),
    direction,
    peerAddress: random.chance(0.2) ? random.pick(ODD_PEERS) : random.chance(0.05) ? local : other,
    protocol: packet.protocol === 'other' ? 'gre' : packet.protocol === 'icmpv6' && random.chance(0.5) ? 'ipv6-icmp' : packet.protocol,
    port: packet.port ?? 0,
    verdict: random.pick<FlowVerdict>(['accepted', 'accepted', 'would-block', 'blocked']),
    lastSeenAtMs: nowMs - random.integer(MINUTES_A_YEAR) * 60_000 + random.integer(60_000),
    user: random.pick([null, 'root', 'nobody', '33', 'root']),
    unit: random.pick([null, 'a.service', 'b.service', 'user-1000.slice']),
  };
}
