import type { FleetHost } from '../model/host.ts';
import type { RuleId } from '../model/ids.ts';
import type { Policy, Rule, Zone } from '../model/policy.ts';
import { createEssentialReader, type EssentialReason } from './simulate-essential.ts';
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
  readonly by: RuleId | 'essential' | null;
  readonly reason: EssentialReason | 'rule' | 'default' | 'outbound-open' | 'not-selected' | 'observed';
};

/** Higher is worse. */
export const SEVERITY: Record<Verdict, number> = { allowed: 0, 'would-block': 1, blocked: 2 };

/** What one host does with every packet in one direction. */
export type Program = (packet: ReadPacket) => Decision;

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

/** How a host is judged; null is not at all. `isSelected` says to which packets the default applies. */
export type Judging = Pick<Zone, 'mode' | 'outbound'> & { readonly isSelected: (packet: ReadPacket) => boolean };

/** Essential rows, then deny rules, then allow rules, then the default: the order that a host's chains have. */
export function createProgram(host: FleetHost, zone: Judging | null, rules: readonly ReadRule[], direction: 'in' | 'out'): Program {
  if (!zone || zone.mode === 'observe') return () => OBSERVED;
  const refused = zone.mode === 'enforce' ? 'blocked' : 'would-block';
  const decide = (verdict: Verdict, by: Decision['by'], reason: Decision['reason']): Decision => Object.freeze({ verdict, atBest: verdict, judged: true, by, reason });
  const essential = createEssentialReader(host)[direction === 'in' ? 'inbound' : 'outbound'];
  const own = rules.flatMap(({ rule, from, to, usesService, holdsAt }): OwnRule[] => {
    // Only where the connection begins is its sender known, and only where it ends its listener: a deny rule for one of them counts only there.
    if (rule.action === 'deny' && (direction === 'in' ? rule.as : rule.servedBy)) return [];
    const who = (packet: ReadPacket): Match => (direction === 'in' ? matchListener(rule.servedBy, packet) : matchIdentity(rule.as, packet));
    const isLocal = (direction === 'in' ? to : from).isEnd(host);
    const { hasAddress } = direction === 'in' ? from : to;
    return isLocal ? [{ usesService, isLocal, hasAddress, holdsAt, who, decision: decide(rule.action === 'allow' ? 'allowed' : refused, rule.id, 'rule') }] : [];
  });
  const isOpen = direction === 'out' && zone.outbound === 'open';
  const isAllow = (one: OwnRule) => one.decision.verdict === 'allowed';
  const rulesFor = rememberByService([...own.filter((one) => !isAllow(one)), ...(isOpen ? [] : own.filter(isAllow))]);
  const fallback = isOpen ? OPEN : decide(refused, null, 'default');
  return (packet) => {
    const reason = essential(packet);
    if (reason) return decide('allowed', 'essential', reason);
    const [peer, local] = direction === 'in' ? [packet.source, packet.destination] : [packet.destination, packet.source];
    const possible: Decision[] = [];
    for (const one of rulesFor(packet)) {
      if (!one.isLocal(local) || !one.hasAddress(peer) || !one.holdsAt(packet.atMs)) continue;
      const match = one.who(packet);
      if (match !== 'no') possible.push(one.decision);
      if (match === 'yes') return toOne(possible);
    }
    return toOne([...possible, isOpen || zone.isSelected(packet) ? fallback : NOT_SELECTED]);
  };
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

type OwnRule = Pick<ReadRule, 'usesService' | 'holdsAt'> & { who: (packet: ReadPacket) => Match; isLocal: (ip: Ip) => boolean; hasAddress: (ip: Ip) => boolean; decision: Decision };

const PROTOCOL_KEYS: Record<SimProtocol, number> = { tcp: 0, udp: 1, sctp: 2, icmp: 3, icmpv6: 4, igmp: 5, other: 6 };
const REMEMBERED_SERVICES = 4096;

/** The rules that mean the packet's service, in order. A host sees few services and many packets, so each service is looked up once. */
function rememberByService(rules: readonly OwnRule[]): (packet: ReadPacket) => readonly OwnRule[] {
  const known = new Map<number, readonly OwnRule[]>();
  return (packet) => {
    const key = (PROTOCOL_KEYS[packet.protocol] * 2 + (packet.family === 4 ? 0 : 1)) * 131_072 + (packet.port ?? 65_536);
    const before = known.get(key);
    if (before) return before;
    const found = rules.filter((one) => one.usesService(packet));
    if (known.size >= REMEMBERED_SERVICES) known.clear();
    known.set(key, found);
    return found;
  };
}
