import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy, Zone } from '../model/policy.ts';
import type { Sender } from './simulate-identity.ts';
import { createPeerReaders, createServiceReader, familyOf, type Ip, type ReadPacket, readFleet, readIp, type SimProtocol } from './simulate-match.ts';
import { createProgram, type Decision, type Judging, type Program, readRule, SEVERITY, type Verdict } from './simulate-program.ts';
import { zoneOfHosts } from './zones.ts';

export type { Decision };

/** The first packet of a connection. `sourcePort` null is an ephemeral one; `port` null is an unknown ICMP type or a protocol without ports. */
export type Packet = {
  readonly source: string;
  readonly destination: string;
  readonly protocol: SimProtocol;
  readonly port: number | null;
  readonly sourcePort: number | null;
  /** When; the simulator's own time unless told. */
  readonly atMs?: number;
} & Sender;

export type ConnectionStep = { readonly host: FleetHost; readonly direction: 'in' | 'out'; readonly decision: Decision };

/** The worse end decides; on a tie the one that a rule decided, then the consumer's. No steps: neither end is managed, so nothing of ours stands in between. */
export type ConnectionDecision = {
  readonly verdict: Verdict;
  /** See Decision: unlike `verdict` where it depends on a sender that is not known. */
  readonly atBest: Verdict;
  readonly judged: boolean;
  readonly by: Decision['by'];
  readonly steps: readonly ConnectionStep[];
};

export type Simulator = {
  readonly decideInbound: (host: HostId, packet: Packet) => Decision;
  readonly decideOutbound: (host: HostId, packet: Packet) => Decision;
  readonly decideConnection: (packet: Packet) => ConnectionDecision;
  readonly hostsAt: (address: string) => readonly FleetHost[];
};

export type SimulateOptions = {
  /** Rules that have expired by then do not count; schedules are asked at the packet's own time, which is this one unless the packet says. */
  readonly nowMs: number;
  /**
   * `as-written` (the default) takes zones as they are. `zones-enforced` judges every zone as if it enforced: what the rules say, whatever
   * the roll-out has come to. `all-restricted` judges every host so, with outbound restricted: allowed means that some rule says so.
   */
  readonly assume?: 'as-written' | 'zones-enforced' | 'all-restricted';
};

/**
 * Reads the policy by itself, not what was compiled, so that the kernel ring can hold the two against each other. Programs are made once a
 * host and direction, when first asked for. Packets are of conntrack state new; a host's own id that is unknown throws.
 */
export function createSimulator(policy: Policy, hosts: readonly FleetHost[], options: SimulateOptions): Simulator {
  const fleet = readFleet(hosts);
  const zones = zoneOfHosts(policy, hosts);
  const readPeer = createPeerReaders(policy, fleet);
  const rules = policy.rules.filter((rule) => rule.expiresOn === null || new Date(options.nowMs).toISOString().slice(0, 10) <= rule.expiresOn).map((rule) => readRule(rule, policy, readPeer));
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const byIp = indexByIp(hosts, fleet.ipsOf);
  const toIp = rememberIps();
  const programs = new Map<string, Program>();
  const programOf = (id: HostId, direction: 'in' | 'out'): Program => {
    const before = programs.get(direction + id);
    if (before) return before;
    const host = byId.get(id);
    if (!host) throw new Error(`host ${id} is not in the fleet`);
    const program = createProgram(host, assumeMode(policy, zones.get(id)?.zone ?? null, options.assume), rules, direction);
    programs.set(direction + id, program);
    return program;
  };
  const decideConnection = (packet: Packet): ConnectionDecision => {
    const read = readPacket(packet, toIp, options.nowMs);
    const sources = byIp.get(read.source) ?? [];
    const destinations = byIp.get(read.destination) ?? [];
    const steps: ConnectionStep[] = [
      ...sources.map((host) => ({ host, direction: 'out' as const, decision: host.managed ? programOf(host.id, 'out')(read) : null })),
      // What a host sends to itself does not come in from the network.
      ...destinations
        .filter((host) => !sources.includes(host))
        .map((host) => ({ host, direction: 'in' as const, decision: host.managed ? programOf(host.id, 'in')(read) : null })),
    ].flatMap((step) => (step.decision ? [{ ...step, decision: step.decision }] : []));
    return { ...worstOf(steps), steps };
  };
  return {
    decideInbound: (id, packet) => programOf(id, 'in')(readPacket(packet, toIp, options.nowMs)),
    decideOutbound: (id, packet) => programOf(id, 'out')(readPacket(packet, toIp, options.nowMs)),
    decideConnection,
    hostsAt: (address) => byIp.get(toIp(address)) ?? [],
  };
}

function worstOf(steps: readonly ConnectionStep[]): Omit<ConnectionDecision, 'steps'> {
  const [first, ...rest] = steps.map((step) => step.decision);
  if (!first) return { verdict: 'allowed', atBest: 'allowed', judged: false, by: null };
  const weight = (one: Decision) => SEVERITY[one.verdict] * 4 + (one.judged ? 2 : 0) + (one.by === null ? 0 : 1);
  const { verdict, judged, by } = rest.reduce((a, b) => (weight(b) > weight(a) ? b : a), first);
  const atBest = rest.reduce((a, b) => (SEVERITY[b.atBest] > SEVERITY[a] ? b.atBest : a), first.atBest);
  return { verdict, atBest, judged, by };
}

function readPacket(packet: Packet, toIp: (text: string) => Ip, nowMs: number): ReadPacket {
  const source = toIp(packet.source);
  const destination = toIp(packet.destination);
  if (familyOf(source) !== familyOf(destination)) throw new Error(`a packet cannot go from ${packet.source} to ${packet.destination}: two address families`);
  return { ...packet, source, destination, family: familyOf(source), atMs: packet.atMs ?? nowMs };
}

function indexByIp(hosts: readonly FleetHost[], ipsOf: ReadonlyMap<HostId, readonly Ip[]>): Map<Ip, FleetHost[]> {
  const index = new Map<Ip, FleetHost[]>();
  for (const host of hosts) {
    for (const ip of new Set(ipsOf.get(host.id))) index.set(ip, [...(index.get(ip) ?? []), host]);
  }
  return index;
}

function assumeMode(policy: Policy, zone: Zone | null, assume: SimulateOptions['assume']): Judging | null {
  if (assume === 'all-restricted') return { mode: 'enforce', outbound: 'restricted', isSelected: () => true };
  if (!zone) return null;
  const isSelected = zone.onlyServices ? createServiceReader(zone.onlyServices, policy) : () => true;
  return { mode: assume === 'zones-enforced' ? 'enforce' : zone.mode, outbound: zone.outbound, isSelected };
}

const REMEMBERED_ADDRESSES = 65_536;

/** Reading an address costs more than deciding about it, and the same ones come again and again. */
function rememberIps(): (text: string) => Ip {
  const known = new Map<string, Ip>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const ip = readIp(text);
    if (known.size >= REMEMBERED_ADDRESSES) known.clear();
    known.set(text, ip);
    return ip;
  };
}
