import type { DraftVerdict } from '../../shared/model/flow.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { Decision, Packet, Simulator } from '../../shared/policy/simulate.ts';
import type { StoredFlow } from '../db/flow-query.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import type { FlowNames } from './flow-names.ts';

type Ends = Pick<StoredFlow, 'direction' | 'peerAddress' | 'forwardTo' | 'protocol' | 'port'>;

/** The first packet of the flow. The reporter's own address was not recorded: one of the peer's family stands for all. Null: it has none, or the flow was forwarded. */
export function packetOf(flow: Ends, reporter: FleetHost): Packet | null {
  if (flow.direction === 'forward') return null;
  const isV6 = flow.peerAddress.includes(':');
  const own = reporter.addresses.find((a) => a.includes(':') === isV6);
  if (own === undefined) return null;
  const [source, destination] = flow.direction === 'in' ? [flow.peerAddress, own] : [own, flow.peerAddress];
  const protocol = protocolOf(flow.protocol);
  const hasPorts = protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp';
  return { source, destination, protocol, port: hasPorts ? flow.port : null, sourcePort: null };
}

function protocolOf(name: string): Packet['protocol'] {
  switch (name) {
    case 'tcp':
    case 'udp':
    case 'sctp':
    case 'icmp':
    case 'icmpv6':
    case 'igmp':
      return name;
    default:
      return 'other';
  }
}

/** What the draft would do with the flow at the host that reported it. */
export function readDraftVerdict(compiled: CompiledDraft, names: FlowNames, flow: StoredFlow): DraftVerdict {
  const reporter = names.host(flow.reporter);
  if (reporter === undefined) return { kind: 'unknown', why: 'the host is not in the inventory any more' };
  if (flow.direction === 'forward') return { kind: 'unknown', why: 'forwarded traffic is recorded, and not judged yet' };
  const packet = packetOf(flow, reporter);
  if (packet === null) return { kind: 'unknown', why: `no ${flow.peerAddress.includes(':') ? 'IPv6' : 'IPv4'} address of ${reporter.name} is known` };
  const decision = decide(compiled.simulator(), flow, packet);
  if (decision.judged) return toVerdict(decision);
  const asEnforced = decide(compiled.explainer(), flow, packet);
  const zone = compiled.zones.get(reporter.id)?.zone?.name;
  const rule = asEnforced.verdict === 'allowed' ? `${describeBy(asEnforced)} explains it` : asEnforced.by === null ? 'no rule explains it yet' : `rule ${asEnforced.by} denies it`;
  return { kind: 'observed', why: `${zone === undefined ? 'in no zone' : `zone ${zone} observes`}; ${rule}` };
}

const decide = (simulator: Simulator, flow: StoredFlow, packet: Packet): Decision =>
  flow.direction === 'in' ? simulator.decideInbound(flow.reporter, packet) : simulator.decideOutbound(flow.reporter, packet);

function toVerdict(decision: Decision): DraftVerdict {
  if (decision.verdict === 'allowed') return { kind: 'allowed', by: decision.by ?? describeBy(decision) };
  return { kind: 'blocked', by: decision.by };
}

const describeBy = (decision: Decision): string => (decision.by === null ? 'open outbound' : decision.by === 'essential' ? 'the essential block' : `rule ${decision.by}`);
