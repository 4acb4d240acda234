import type { FleetHost } from '../model/host.ts';
import type { HostId, RuleId } from '../model/ids.ts';
import type { Policy, Rule, Zone } from '../model/policy.ts';
import { createEssentialReader, type EssentialReason } from './simulate-essential.ts';
import {
  createPeerReaders,
  createServiceReader,
  familyOf,
  type Ip,
  type PeerReader,
  type ReadPacket,
  readFleet,
  readIp,
  type SimProtocol,
} from './simulate-match.ts';
import { zoneOfHosts } from './zones.ts';

/** The first packet of a connection. `sourcePort` null is an ephemeral one; `port` null is an unknown ICMP type or a protocol without ports. */
export type Packet = {
  readonly source: string;
  readonly destination: string;
  readonly protocol: SimProtocol;
  readonly port: number | null;
  readonly sourcePort: number | null;
};

export type Verdict = 'allowed' | 'would-block' | 'blocked';

/** What one host does with the packet. `judged` is false where the host only observes: then everything is allowed. */
export type Decision = {
  readonly verdict: Verdict;
  readonly judged: boolean;
  readonly by: RuleId | 'essential' | null;
  readonly reason: EssentialReason | 'rule' | 'default' | 'outbound-open' | 'observed';
};

export type ConnectionStep = { readonly host: FleetHost; readonly direction: 'in' | 'out'; readonly decision: Decision };

/** The worse end decides; on a tie the one that a rule decided, then the consumer's. No steps: neither end is managed, so nothing of ours stands in between. */
export type ConnectionDecision = {
  readonly verdict: Verdict;
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
  /** YYYY-MM-DD; rules that expired before it do not count. */
  readonly todayUtc: string;
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
  const rules = policy.rules.filter((rule) => rule.expiresOn === null || options.todayUtc <= rule.expiresOn).map((rule) => readRule(rule, policy, readPeer));
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const byIp = indexByIp(hosts, fleet.ipsOf);
  const programs = new Map<string, Program>();
  const programOf = (id: HostId, direction: 'in' | 'out'): Program => {
    const before = programs.get(direction + id);
    if (before) return before;
    const host = byId.get(id);
    if (!host) throw new Error(`host ${id} is not in the fleet`);
    const program = createProgram(host, assumeMode(zones.get(id)?.zone ?? null, options.assume), rules, direction);
    programs.set(direction + id, program);
    return program;
  };
  const decideConnection = (packet: Packet): ConnectionDecision => {
    const read = readPacket(packet);
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
    decideInbound: (id, packet) => programOf(id, 'in')(readPacket(packet)),
    decideOutbound: (id, packet) => programOf(id, 'out')(readPacket(packet)),
    decideConnection,
    hostsAt: (address) => byIp.get(readIp(address)) ?? [],
  };
}

type Program = (packet: ReadPacket) => Decision;
type ReadRule = { rule: Rule; from: PeerReader; to: PeerReader; usesService: (packet: ReadPacket) => boolean };

const readRule = (rule: Rule, policy: Policy, readPeer: (peer: Rule['from']) => PeerReader): ReadRule => ({
  rule,
  from: readPeer(rule.from),
  to: readPeer(rule.to),
  usesService: createServiceReader(rule.services, policy),
});

const OBSERVED: Decision = Object.freeze({ verdict: 'allowed', judged: false, by: null, reason: 'observed' });
const OPEN: Decision = Object.freeze({ verdict: 'allowed', judged: true, by: null, reason: 'outbound-open' });

type Judging = Pick<Zone, 'mode' | 'outbound'>;

function assumeMode(zone: Zone | null, assume: SimulateOptions['assume']): Judging | null {
  if (assume === 'all-restricted') return { mode: 'enforce', outbound: 'restricted' };
  return zone && assume === 'zones-enforced' ? { ...zone, mode: 'enforce' } : zone;
}

function createProgram(host: FleetHost, zone: Judging | null, rules: readonly ReadRule[], direction: 'in' | 'out'): Program {
  if (!zone || zone.mode === 'observe') return () => OBSERVED;
  const refused = zone.mode === 'enforce' ? 'blocked' : 'would-block';
  const decide = (verdict: Verdict, by: Decision['by'], reason: Decision['reason']): Decision => Object.freeze({ verdict, judged: true, by, reason });
  const essential = createEssentialReader(host)[direction === 'in' ? 'inbound' : 'outbound'];
  const own = rules.flatMap(({ rule, from, to, usesService }) => {
    const isLocal = (direction === 'in' ? to : from).isEnd(host);
    if (!isLocal) return [];
    const { hasAddress } = direction === 'in' ? from : to;
    const matches = (packet: ReadPacket): boolean => {
      const [peer, local] = direction === 'in' ? [packet.source, packet.destination] : [packet.destination, packet.source];
      return usesService(packet) && isLocal(local) && hasAddress(peer);
    };
    return [{ action: rule.action, matches, decision: decide(rule.action === 'allow' ? 'allowed' : refused, rule.id, 'rule') }];
  });
  const denies = own.filter((one) => one.action === 'deny');
  const isOpen = direction === 'out' && zone.outbound === 'open';
  const allows = isOpen ? [] : own.filter((one) => one.action === 'allow');
  const fallback = isOpen ? OPEN : decide(refused, null, 'default');
  return (packet) => {
    const reason = essential(packet);
    if (reason) return decide('allowed', 'essential', reason);
    return (denies.find((one) => one.matches(packet)) ?? allows.find((one) => one.matches(packet)))?.decision ?? fallback;
  };
}

/** Higher is worse. */
export const SEVERITY: Record<Verdict, number> = { allowed: 0, 'would-block': 1, blocked: 2 };

function worstOf(steps: readonly ConnectionStep[]): Omit<ConnectionDecision, 'steps'> {
  const [first, ...rest] = steps.map((step) => step.decision);
  if (!first) return { verdict: 'allowed', judged: false, by: null };
  const weight = (one: Decision) => SEVERITY[one.verdict] * 4 + (one.judged ? 2 : 0) + (one.by === null ? 0 : 1);
  const { verdict, judged, by } = rest.reduce((a, b) => (weight(b) > weight(a) ? b : a), first);
  return { verdict, judged, by };
}

function readPacket(packet: Packet): ReadPacket {
  const source = readIp(packet.source);
  const destination = readIp(packet.destination);
  if (familyOf(source) !== familyOf(destination)) throw new Error(`a packet cannot go from ${packet.source} to ${packet.destination}: two address families`);
  return { ...packet, source, destination, family: familyOf(source) };
}

function indexByIp(hosts: readonly FleetHost[], ipsOf: ReadonlyMap<HostId, readonly Ip[]>): Map<Ip, FleetHost[]> {
  const index = new Map<Ip, FleetHost[]>();
  for (const host of hosts) {
    for (const ip of new Set(ipsOf.get(host.id))) index.set(ip, [...(index.get(ip) ?? []), host]);
  }
  return index;
}
