import type { DraftVerdict, Flow } from '../model/flow.ts';
import type { FleetHost } from '../model/host.ts';
import type { HostId, RuleId } from '../model/ids.ts';
import type { Policy } from '../model/policy.ts';
import { type Family, getAddress } from '../net/address.ts';
import { createSimulator, type Packet, type SimulateOptions } from './simulate.ts';
import type { Decision, Verdict } from './simulate-program.ts';
import type { SimProtocol } from './simulate-match.ts';

/** The part of a flow that a verdict depends on. */
export type JudgedFlow = Pick<Flow, 'reporter' | 'direction' | 'peerAddress' | 'protocol' | 'port' | 'verdict' | 'lastSeenAtMs' | 'user' | 'unit'>;

export type FlowJudgement =
  | { readonly kind: 'decided'; readonly verdict: Verdict; readonly by: RuleId | 'essential' | 'outbound-open' | 'not-selected' | null }
  | { readonly kind: 'observed'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** What the policy would do with observed flows, at the host that reported them and at the time of day when each was last seen. Made once a policy, asked many times. */
export function createFlowJudge(policy: Policy, hosts: readonly FleetHost[], options: SimulateOptions): (flow: JudgedFlow) => FlowJudgement {
  const simulator = createSimulator(policy, hosts, options);
  const byId = new Map(hosts.map((host) => [host.id, host]));
  return (flow) => {
    const host = byId.get(flow.reporter);
    if (!host) return { kind: 'unknown', why: 'the reporting host is no longer in the inventory' };
    if (flow.direction === 'forward') return { kind: 'observed', why: 'forwarded traffic is recorded, not judged' };
    const { direction } = flow;
    const decide = (id: HostId, packet: Packet) => (direction === 'in' ? simulator.decideInbound(id, packet) : simulator.decideOutbound(id, packet));
    const decisions = flowPackets(flow, host).map((packet) => decide(host.id, packet));
    return toJudgement(decisions);
  };
}

/** What of a flow, beyond its ends and service, the verdict depends on under this policy: equal texts, equal judgements. */
export function createDetailKey(policy: Policy): (flow: JudgedFlow) => string {
  const isTimed = policy.rules.some((rule) => rule.schedule !== null);
  const isNamed = policy.rules.some((rule) => rule.as !== null || rule.servedBy !== null);
  return (flow) => `${isTimed ? flow.lastSeenAtMs : ''} ${isNamed ? `${flow.user} ${flow.unit}` : ''}`;
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

/** One packet for each own address that the flow may have used: the recorder keeps the peer's address, not the host's. */
function flowPackets(flow: JudgedFlow, host: FleetHost): Packet[] {
  const peer = getAddress(flow.peerAddress);
  const own = host.addresses.filter((address) => getAddress(address).family === peer.family);
  const locals = own.length > 0 ? own : [UNKNOWN_LOCAL[peer.family]];
  const rest = { protocol: toProtocol(flow.protocol), port: toPort(flow, peer.family), sourcePort: usualSourcePort(flow), atMs: flow.lastSeenAtMs, user: flow.user, unit: flow.unit, listener: flow.unit };
  return locals.map((local) =>
    flow.direction === 'in' ? { source: flow.peerAddress, destination: local, ...rest } : { source: local, destination: flow.peerAddress, ...rest },
  );
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
const toProtocol = (text: string): SimProtocol => KNOWN_PROTOCOLS[text] ?? 'other';

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
