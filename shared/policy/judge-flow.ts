import type { DraftVerdict, Flow } from '../model/flow.ts';
import type { FleetHost } from '../model/host.ts';
import type { ContainmentId, HostId, RuleId } from '../model/ids.ts';
import type { Policy } from '../model/policy.ts';
import type { Family } from '../net/address.ts';
import { createSimulator, readSite, type SimulatedSite, type SimulateOptions } from './simulate.ts';
import { type Asks, ASKS_NOTHING, type Decision, type Verdict } from './simulate-program.ts';
import { familyOf, type Ip, type ReadPacket, type SimProtocol } from './simulate-match.ts';

/** The part of a flow that a verdict depends on. */
export type JudgedFlow = Pick<Flow, 'reporter' | 'direction' | 'peerAddress' | 'protocol' | 'port' | 'verdict' | 'lastSeenAtMs' | 'user' | 'unit'>;

export type FlowJudgement =
  | { readonly kind: 'decided'; readonly verdict: Verdict; readonly by: RuleId | ContainmentId | 'essential' | 'outbound-open' | 'not-selected' | null }
  | { readonly kind: 'observed'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** What the policy would do with observed flows, at the host that reported them and at the time of day when each was last seen. Made once a policy, asked many times; whoever asks about very many takes `createBatchJudge`. */
export function createFlowJudge(policy: Policy, hosts: readonly FleetHost[], options: SimulateOptions): (flow: JudgedFlow) => FlowJudgement {
  const judge = createNotingJudge(policy, hosts, options);
  return (flow) => judge(flow).judgement;
}

/** A judgement, and what it may depend on beside ends and service. */
export type NotedJudgement = { readonly judgement: FlowJudgement; readonly asks: Asks };

/** `site`: as for `createSimulator`. */
export function createNotingJudge(policy: Policy, hosts: readonly FleetHost[], options: SimulateOptions, site = readSite(policy, hosts, options.nowMs)): (flow: JudgedFlow) => NotedJudgement {
  const simulator = createSimulator(policy, hosts, options, site);
  const ids = new Set(hosts.map((host) => host.id));
  const readPackets = createPacketReader(site);
  return (flow) => {
    if (!ids.has(flow.reporter)) return { judgement: { kind: 'unknown', why: 'the reporting host is no longer in the inventory' }, asks: ASKS_NOTHING };
    if (flow.direction === 'forward') {
      return { judgement: { kind: 'observed', why: 'it passes through the host under addresses that are not the host’s own: recorded, not judged' }, asks: ASKS_NOTHING };
    }
    const { decide, asks } = simulator.programOf(flow.reporter, flow.direction);
    const packets = readPackets(flow);
    // All of one service, which is what it is about.
    return { judgement: toJudgement(packets.map(decide)), asks: packets[0] ? asks(packets[0]) : ASKS_NOTHING };
  };
}

/** The judgement in the form that lists show. In test mode “blocked” is what would be. */
export function toDraftVerdict(judgement: FlowJudgement): DraftVerdict {
  if (judgement.kind !== 'decided') return judgement;
  if (judgement.verdict === 'allowed') return { kind: 'allowed', by: judgement.by ?? 'outbound-open' };
  return { kind: 'blocked', by: judgement.by };
}

function toJudgement([first, ...rest]: readonly Decision[]): FlowJudgement {
  if (!first) return { kind: 'unknown', why: 'the peer’s address cannot be read' };
  if (!first.judged) return { kind: 'observed', why: 'the host is in no zone that tests or enforces' };
  if (rest.some((other) => other.verdict !== first.verdict))
    return { kind: 'unknown', why: 'it depends on which of its own addresses the host used, which is not recorded' };
  if (first.atBest !== first.verdict) return { kind: 'unknown', why: 'it depends on the user, group or unit there, which was not recorded' };
  return { kind: 'decided', verdict: first.verdict, by: first.reason === 'outbound-open' || first.reason === 'not-selected' ? first.reason : first.by };
}

/** Reads a flow as one packet for each own address that it may have used: the recorder keeps the peer's address, not the host's. */
function createPacketReader({ fleet, toIp }: Pick<SimulatedSite, 'fleet' | 'toIp'>): (flow: JudgedFlow) => ReadPacket[] {
  const known = { 4: new Map<HostId, readonly Ip[]>(), 6: new Map<HostId, readonly Ip[]>() };
  const readLocals = (id: HostId, family: Family): readonly Ip[] => {
    const own = (fleet.ipsOf.get(id) ?? []).filter((ip) => familyOf(ip) === family);
    const locals = own.length > 0 ? own : [toIp(UNKNOWN_LOCAL[family])];
    known[family].set(id, locals);
    return locals;
  };
  return (flow) => {
    const peer = toIp(flow.peerAddress);
    const family = familyOf(peer);
    const { lastSeenAtMs: atMs, user, unit } = flow;
    const [protocol, port, sourcePort, isIn] = [toProtocol(flow.protocol), toPort(flow, family), usualSourcePort(flow), flow.direction === 'in'];
    const locals = known[family].get(flow.reporter) ?? readLocals(flow.reporter, family);
    // Written out: millions are made.
    return locals.map((local) => ({ source: isIn ? peer : local, destination: isIn ? local : peer, family, protocol, port, sourcePort, atMs, user, unit, listener: unit }));
  };
}

/** Addresses that nobody has, for a host of whose family none is known: TEST-NET-1 (RFC 5737) and 2001:db8::/32 (RFC 3849). */
const UNKNOWN_LOCAL: Record<Family, string> = { 4: '192.0.2.255', 6: '2001:db8::ffff' };

const KNOWN_PROTOCOLS: Readonly<Record<string, SimProtocol>> = {
  tcp: 'tcp',
  udp: 'udp',
  sctp: 'sctp',
  icmp: 'icmp',
  icmpv6: 'icmpv6',
  'ipv6-icmp': 'icmpv6',
  igmp: 'igmp',
};
export const toProtocol = (text: string): SimProtocol => KNOWN_PROTOCOLS[text] ?? 'other';

/**
 * The recorder keeps no ICMP type. What was accepted and is new is an echo request but for rarities; what was refused is certainly none,
 * because echo is essential, so its type stays unknown.
 */
function toPort(flow: JudgedFlow, family: Family): number | null {
  const protocol = toProtocol(flow.protocol);
  if (protocol === 'icmp' || protocol === 'icmpv6') return flow.verdict === 'accepted' ? (family === 4 ? 8 : 128) : null;
  return flow.port;
}

/** Source ports are not recorded either. DHCP fixes them (RFC 2131, RFC 8415); everything else uses an ephemeral one. */
const usualSourcePort = (flow: JudgedFlow): number | null => (flow.protocol === 'udp' ? (DHCP_SOURCE_PORTS[flow.port] ?? null) : null);
const DHCP_SOURCE_PORTS: Readonly<Record<number, number>> = { 67: 68, 68: 67, 546: 547, 547: 546 };
