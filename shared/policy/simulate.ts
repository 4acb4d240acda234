import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy, Zone } from '../model/policy.ts';
import { createContainmentReader } from './simulate-containment.ts';
import type { Sender } from './simulate-identity.ts';
import { createEssentialReader, type EssentialReader } from './simulate-essential.ts';
import { createPeerReaders, createServiceReader, familyOf, type Fleet, type Ip, type PeerReader, type ReadPacket, readFleet, rememberIps, type SimProtocol } from './simulate-match.ts';
import { createRuleFinder } from './simulate-rules.ts';
import { createProgram, type Decision, type Judging, type Program, type ReadRule, readRule, SEVERITY, type Verdict, withContainment } from './simulate-program.ts';
import { type ZoneOfHost, zoneOfHosts } from './zones.ts';

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
  /** What a host does with packets that are read already. */
  readonly programOf: (host: HostId, direction: 'in' | 'out') => Program;
  readonly hostsAt: (address: string) => readonly FleetHost[];
};

export type SimulateOptions = {
  /** Rules that have expired by then do not count; schedules are asked at the packet's own time, which is this one unless the packet says. */
  readonly nowMs: number;
  /**
   * `as-written` (the default) takes zones as they are. `zones-enforced` judges every zone as if it enforced: what the rules say, whatever
   * the roll-out has come to. `all-restricted` judges every host so, with outbound restricted: allowed means that some rule says so. Containments
   * count only as written: they say nothing of what rules mean.
   */
  readonly assume?: 'as-written' | 'zones-enforced' | 'all-restricted';
};

/** What simulators of one policy and fleet read alike, whatever they assume. Nothing of it changes but by remembering. */
export type SimulatedSite = {
  readonly fleet: Fleet;
  readonly zones: ReadonlyMap<HostId, ZoneOfHost>;
  readonly readPeer: (peer: Policy['rules'][number]['from']) => PeerReader;
  readonly rulesAt: Readonly<Record<'in' | 'out', (host: HostId) => readonly ReadRule[]>>;
  readonly essentialOf: (host: FleetHost) => EssentialReader;
  readonly toIp: (text: string) => Ip;
};

/** `fleet` and `zones`: those of the same hosts and policy, where the caller has them. */
export function readSite(policy: Policy, hosts: readonly FleetHost[], nowMs: number, fleet = readFleet(hosts), zones: ReadonlyMap<HostId, ZoneOfHost> = zoneOfHosts(policy, hosts, fleet.select)): SimulatedSite {
  const readPeer = createPeerReaders(policy, fleet, zones);
  const live = policy.rules.filter((rule) => rule.disabled !== true && (rule.expiresOn === null || new Date(nowMs).toISOString().slice(0, 10) <= rule.expiresOn));
  // Which of several rules that say the same is named for it: the one with the first id.
  const rules = live.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map((rule) => readRule(rule, policy, readPeer));
  const toIp = rememberIps();
  const essentials = new Map<HostId, EssentialReader>();
  const essentialOf = (host: FleetHost): EssentialReader => {
    const reader = essentials.get(host.id) ?? createEssentialReader(host, toIp);
    essentials.set(host.id, reader);
    return reader;
  };
  return { fleet, zones, readPeer, rulesAt: { in: createRuleFinder(rules, 'to'), out: createRuleFinder(rules, 'from') }, essentialOf, toIp };
}

/**
 * Reads the policy by itself, not what was compiled, so that the kernel ring can hold the two against each other. Programs are made once a
 * host and direction, when first asked for. Packets are of conntrack state new; a host's own id that is unknown throws. `site`: that of the same policy, hosts and time, for who makes several.
 */
export function createSimulator(policy: Policy, hosts: readonly FleetHost[], options: SimulateOptions, site = readSite(policy, hosts, options.nowMs)): Simulator {
  const { fleet, zones, readPeer, rulesAt, essentialOf, toIp } = site;
  const byId = new Map(hosts.map((host) => [host.id, host]));
  let index: ReadonlyMap<Ip, readonly FleetHost[]> | undefined;
  const hostsAt = (ip: Ip): readonly FleetHost[] => {
    // Judges of flows never ask who has an address.
    index ??= indexByIp(hosts, fleet.ipsOf);
    return index.get(ip) ?? [];
  };
  const isAsWritten = (options.assume ?? 'as-written') === 'as-written';
  const programs = { in: new Map<HostId, Program>(), out: new Map<HostId, Program>() };
  const programOf = (id: HostId, direction: 'in' | 'out'): Program => {
    const before = programs[direction].get(id);
    if (before) return before;
    const host = byId.get(id);
    if (!host) throw new Error(`host ${id} is not in the fleet`);
    const usual = createProgram(host, assumeMode(policy, zones.get(id)?.zone ?? null, options.assume), rulesAt[direction](id), direction, essentialOf(host));
    const containment = isAsWritten ? createContainmentReader(host, { policy, zones, readPeer, toIp, nowMs: options.nowMs }) : null;
    const program = withContainment(usual, containment, host, direction);
    programs[direction].set(id, program);
    return program;
  };
  const decideConnection = (packet: Packet): ConnectionDecision => {
    const read = readPacket(packet, toIp, options.nowMs);
    const sources = hostsAt(read.source);
    const destinations = hostsAt(read.destination);
    const steps: ConnectionStep[] = [
      ...sources.map((host) => ({ host, direction: 'out' as const, decision: host.managed ? programOf(host.id, 'out').decide(read) : null })),
      // What a host sends to itself does not come in from the network.
      ...destinations
        .filter((host) => !sources.includes(host))
        .map((host) => ({ host, direction: 'in' as const, decision: host.managed ? programOf(host.id, 'in').decide(read) : null })),
    ].flatMap((step) => (step.decision ? [{ ...step, decision: step.decision }] : []));
    return { ...worstOf(steps), steps };
  };
  return {
    decideInbound: (id, packet) => programOf(id, 'in').decide(readPacket(packet, toIp, options.nowMs)),
    decideOutbound: (id, packet) => programOf(id, 'out').decide(readPacket(packet, toIp, options.nowMs)),
    programOf,
    decideConnection,
    hostsAt: (address) => hostsAt(toIp(address)),
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
