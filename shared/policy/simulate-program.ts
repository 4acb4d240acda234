import type { FleetHost } from '../model/host.ts';
import type { ContainmentId, RuleId } from '../model/ids.ts';
import type { Policy, Rule, Zone } from '../model/policy.ts';
import type { ContainmentReader } from './simulate-containment.ts';
import type { EssentialReader, EssentialReason } from './simulate-essential.ts';
import { type Match, matchIdentity, matchListener } from './simulate-identity.ts';
import { createServiceReader, type Ip, type PeerReader, type ReadPacket, type SimProtocol } from './simulate-match.ts';
import { createScheduleReader } from './simulate-time.ts';

export type Verdict = 'allowed' | 'would-block' | 'blocked';

/** What one host does with the packet. `judged` is false where the host only observes: then everything is allowed. */
export type Decision = {
  readonly verdict: Verdict;
  /** Unlike `verdict` only where rules name a sender and the packet's is not known: then `verdict` is the worst that can be, and this the best. */
  readonly atBest: Verdict;
  readonly judged: boolean;
  readonly by: RuleId | ContainmentId | 'essential' | null;
  readonly reason: EssentialReason | 'contained' | 'rule' | 'default' | 'outbound-open' | 'not-selected' | 'observed';
};

/** Higher is worse. */
export const SEVERITY: Record<Verdict, number> = { allowed: 0, 'would-block': 1, blocked: 2 };

/** What one host does with every packet in one direction. */
export type Program = {
  readonly decide: (packet: ReadPacket) => Decision;
  /** What beside a packet's ends and service the host's rules for that service ask for; false is certainly not. */
  readonly asks: (packet: ReadPacket) => Asks;
};

export type Asks = { readonly sender: boolean; readonly time: boolean };
export const ASKS_NOTHING: Asks = { sender: false, time: false };

export type ReadRule = { rule: Rule; from: PeerReader; to: PeerReader; usesService: (packet: ReadPacket) => boolean; holdsAt: (atMs: number) => boolean };

export const readRule = (rule: Rule, policy: Policy, readPeer: (peer: Rule['from']) => PeerReader): ReadRule => ({
  rule,
  from: readPeer(rule.from),
  to: readPeer(rule.to),
  usesService: createServiceReader(rule.services, policy),
  holdsAt: createScheduleReader(rule.schedule),
});

const OBSERVED: Decision = Object.freeze({ verdict: 'allowed', atBest: 'allowed', judged: false, by: null, reason: 'observed' });
const NOT_SELECTED: Decision = Object.freeze({ verdict: 'allowed', atBest: 'allowed', judged: true, by: null, reason: 'not-selected' });
const OPEN: Decision = Object.freeze({ verdict: 'allowed', atBest: 'allowed', judged: true, by: null, reason: 'outbound-open' });

const essentialBy = (reason: EssentialReason): Decision => Object.freeze({ verdict: 'allowed', atBest: 'allowed', judged: true, by: 'essential', reason });
const ESSENTIAL: Record<EssentialReason, Decision> = {
  loopback: essentialBy('loopback'),
  management: essentialBy('management'),
  icmp: essentialBy('icmp'),
  dhcp: essentialBy('dhcp'),
  resolvers: essentialBy('resolvers'),
};

/** How a host is judged; null is not at all. `isSelected` says to which packets the default applies. */
export type Judging = Pick<Zone, 'mode' | 'outbound'> & { readonly isSelected: (packet: ReadPacket) => boolean };

/** `program` behind what contains the host: that comes first, in every mode. */
export function withContainment({ decide, asks }: Program, containment: ContainmentReader | null, host: FleetHost, direction: 'in' | 'out'): Program {
  if (!containment) return { decide, asks };
  const isPublished = direction === 'in' ? createPublishedReader(host) : () => false;
  return {
    decide: (packet) => {
      const by = containment(isPublished(packet) ? { ...packet, isForwarded: true } : packet, direction);
      return by === null ? decide(packet) : { verdict: 'blocked', atBest: 'blocked', judged: true, by, reason: 'contained' };
    },
    asks,
  };
}

/** Essential rows, then deny rules, then allow rules, then the default: the order that a host's chains have. `rules` may be any that have no end at the host, too; `locked` are the host's own rows. */
export function createProgram(host: FleetHost, zone: Judging | null, rules: readonly ReadRule[], direction: 'in' | 'out', locked: EssentialReader): Program {
  if (!zone || zone.mode === 'observe') return { decide: () => OBSERVED, asks: () => ASKS_NOTHING };
  const refused = zone.mode === 'enforce' ? 'blocked' : 'would-block';
  const decide = (verdict: Verdict, by: Decision['by'], reason: Decision['reason']): Decision => Object.freeze({ verdict, atBest: verdict, judged: true, by, reason });
  const essential = locked[direction === 'in' ? 'inbound' : 'outbound'];
  const own = rules.flatMap(({ rule, from, to, usesService, holdsAt }): OwnRule[] => {
    // Only where the connection begins is its sender known, and only where it ends its listener: a deny rule for one of them counts only there.
    if (rule.action === 'deny' && (direction === 'in' ? rule.as : rule.servedBy)) return [];
    const who = (packet: ReadPacket): Match => (direction === 'in' ? matchListener(rule.servedBy, packet) : matchIdentity(rule.as, packet));
    const isLocal = (direction === 'in' ? to : from).isEnd(host);
    const { hasAddress } = direction === 'in' ? from : to;
    const asks = { sender: (direction === 'in' ? rule.servedBy : rule.as) !== null, time: rule.schedule !== null };
    return isLocal ? [{ usesService, isLocal, hasAddress, holdsAt, who, asks, decision: decide(rule.action === 'allow' ? 'allowed' : refused, rule.id, 'rule') }] : [];
  });
  const isOpen = direction === 'out' && zone.outbound === 'open';
  const isAllow = (one: OwnRule) => one.decision.verdict === 'allowed';
  const rulesFor = rememberByService([...own.filter((one) => !isAllow(one)), ...(isOpen ? [] : own.filter(isAllow))]);
  const fallback = isOpen ? OPEN : decide(refused, null, 'default');
  const isPublished = direction === 'in' ? createPublishedReader(host) : () => false;
  const decideOne = (asked: ReadPacket): Decision => {
    const packet = isPublished(asked) ? { ...asked, isForwarded: true } : asked;
    const reason = essential(packet);
    if (reason) return ESSENTIAL[reason];
    const [peer, local] = direction === 'in' ? [packet.source, packet.destination] : [packet.destination, packet.source];
    const possible: Decision[] = [];
    for (const one of rulesFor(packet).rules) {
      if (!one.isLocal(local) || !one.hasAddress(peer) || !one.holdsAt(packet.atMs)) continue;
      const match = one.who(packet);
      if (match === 'yes' && possible.length === 0) return one.decision;
      if (match !== 'no') possible.push(one.decision);
      if (match === 'yes') return toOne(possible);
    }
    return toOne([...possible, isOpen || zone.isSelected(packet) ? fallback : NOT_SELECTED]);
  };
  return { decide: decideOne, asks: (packet) => rulesFor(packet).asks };
}

/**
 * Whether a packet to this host is redirected to a container by its destination port, as far as the host's facts say. The port of SSH never is: the console gets to the
 * host through it, so a rule that redirects it does so for others only (facts do not say for whom), and must not look like a lockout.
 */
export function createPublishedReader({ published = [], management }: FleetHost): (packet: { readonly protocol: string; readonly port: number | null }) => boolean {
  return ({ protocol, port }) => port !== null && !(protocol === 'tcp' && port === management.sshPort) && published.some((one) => one.protocol === protocol && one.from <= port && port <= one.to);
}

/** The worst of what may be decided, and the best beside it. The last is what is certain when nothing else applies, so there always is one. */
function toOne(possible: readonly Decision[]): Decision {
  const [first, ...rest] = possible;
  if (!first) throw new Error('nothing was decided');
  if (rest.length === 0) return first;
  const worst = rest.reduce((a, b) => (SEVERITY[b.verdict] > SEVERITY[a.verdict] ? b : a), first);
  const best = rest.reduce((a, b) => (SEVERITY[b.verdict] < SEVERITY[a.verdict] ? b : a), first);
  return { ...worst, atBest: best.verdict };
}

type OwnRule = Pick<ReadRule, 'usesService' | 'holdsAt'> & { asks: Asks; who: (packet: ReadPacket) => Match; isLocal: (ip: Ip) => boolean; hasAddress: (ip: Ip) => boolean; decision: Decision };

export const PROTOCOL_KEYS: Record<SimProtocol, number> = { tcp: 0, udp: 1, sctp: 2, icmp: 3, icmpv6: 4, igmp: 5, other: 6 };
const REMEMBERED_SERVICES = 4096;

type RulesOfService = { readonly rules: readonly OwnRule[]; readonly asks: Asks };

/** The rules that mean the packet's service, in order. A host sees few services and many packets, so each service is looked up once. */
function rememberByService(all: readonly OwnRule[]): (packet: ReadPacket) => RulesOfService {
  const known = new Map<number, RulesOfService>();
  return (packet) => {
    const key = (PROTOCOL_KEYS[packet.protocol] * 2 + (packet.family === 4 ? 0 : 1)) * 131_072 + (packet.port ?? 65_536);
    const before = known.get(key);
    if (before) return before;
    const rules = all.filter((one) => one.usesService(packet));
    const found = { rules, asks: { sender: rules.some((one) => one.asks.sender), time: rules.some((one) => one.asks.time) } };
    if (known.size >= REMEMBERED_SERVICES) known.clear();
    known.set(key, found);
    return found;
  };
}
