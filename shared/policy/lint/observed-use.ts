import type { Flow } from '../../model/flow.ts';
import type { FleetHost } from '../../model/host.ts';
import type { RuleId } from '../../model/ids.ts';
import type { Rule } from '../../model/policy.ts';
import type { Family } from '../../net/address.ts';
import { type Bits, bitsWhere, hasBit } from './bits.ts';
import type { RuleSpace, Spaces } from './rule-space.ts';
import { servicePoint } from './service-line.ts';

/** A flow as far as it says which rules it may have used. */
export type SeenFlow = Pick<Flow, 'reporter' | 'direction' | 'peerAddress' | 'protocol' | 'port' | 'user' | 'unit' | 'connections' | 'lastSeenAtMs'>;

/** What was seen of one rule. Who spoke is the name of a host of the fleet, else an address: a reporter does not tell which of its own it used. */
export type RuleUse = {
  readonly lastSeenAtMs: number;
  readonly connections: number;
  /** At most `SPEAKERS_KEPT`: whoever asks wants to know of few. */
  readonly from: ReadonlySet<string>;
  readonly to: ReadonlySet<string>;
  /** Transport ports as numbers of the service line, of all flows. */
  readonly ports: ReadonlySet<number>;
};

export const SPEAKERS_KEPT = 8;

type Tally = { lastSeenAtMs: number; connections: number; from: Set<string>; to: Set<string>; ports: Set<number> };

/**
 * Use of each allow rule that any of the flows *may* have been, whichever rule decided it: where something was not recorded (the host's own address, a group,
 * an ICMP type) it counts as fitting. So a rule that is not there was surely not used. One pass over the flows; a flow costs three look-ups and one AND over the rules.
 */
export function readRuleUse(spaces: Spaces, hosts: readonly FleetHost[], flows: Iterable<SeenFlow>): ReadonlyMap<RuleId, RuleUse> {
  const names = new Map<string, string>(hosts.flatMap((host) => [[host.id, host.name] as const, ...host.addresses.map((address) => [address, host.name] as const)]));
  const allows = spaces.rules.filter((space) => space.rule.action === 'allow');
  const index = indexRules(spaces, allows, hosts);
  const tallies = new Map<RuleId, Tally>();
  for (const flow of flows) {
    if (flow.direction === 'forward') continue;
    const [services, peers, enforced] = [index.ofService(flow), index.ofPeer(flow), index.ofReporter(flow)];
    for (let word = 0; word < services.length; word++) {
      for (let left = (services[word] ?? 0) & (peers[word] ?? 0) & (enforced[word] ?? 0); left !== 0; left &= left - 1) {
        const space = allows[word * 32 + 31 - Math.clz32(left & -left)];
        if (space && mayBe(space.rule, flow)) add(tallies, space.rule.id, flow, names);
      }
    }
  }
  return tallies;
}

/** Sets of rules, by their place in `allows`: those that have the flow's service, those that have its peer at the other end, and those that its reporter enforces. */
function indexRules(spaces: Spaces, allows: readonly RuleSpace[], hosts: readonly FleetHost[]) {
  const places = new Map(hosts.map((host, i) => [host.id, i]));
  const known = new Map<string, Bits>();
  const setOf = (key: string, make: () => (space: RuleSpace) => boolean): Bits => {
    const before = known.get(key);
    if (before) return before;
    const rules = bitsWhere(allows, make());
    known.set(key, rules);
    return rules;
  };
  return {
    ofService: ({ protocol, port }: SeenFlow) =>
      setOf(`${protocol}/${port}`, () => {
        const hasService = spaces.serviceTest(protocol, port);
        return (space) => hasService(space.services);
      }),
    ofPeer: ({ direction, peerAddress }: SeenFlow) =>
      setOf(`${direction} ${peerAddress}`, () => {
        const piece = spaces.pieceOfAddress(peerAddress);
        return (space) => piece !== null && hasBit(direction === 'in' ? space.from : space.to, piece);
      }),
    ofReporter: ({ direction, reporter, peerAddress }: SeenFlow) => {
      const family: Family = peerAddress.includes(':') ? 6 : 4;
      return setOf(`${direction} ${family} ${reporter}`, () => {
        const place = places.get(reporter);
        return (space) => place !== undefined && hasBit((direction === 'in' ? space.ends.to : space.ends.from).enforcers[family], place);
      });
    },
  };
}

/** Whether what was recorded of who sent, or listened, does not speak against it. A slice stands for units that the recorder could not tell apart. */
function mayBe({ as, servedBy }: Rule, flow: SeenFlow): boolean {
  const isOther = (unit: string | null, wanted: string) => unit?.endsWith('.service') === true && unit !== wanted;
  if (flow.direction === 'in') return servedBy === null || !isOther(flow.unit, servedBy);
  if (as?.kind === 'user' && !/^\d+$/.test(as.name)) return flow.user === null || flow.user === as.name || /^\d+$/.test(flow.user);
  return as?.kind !== 'unit' || !isOther(flow.unit, as.name);
}

function add(tallies: Map<RuleId, Tally>, rule: RuleId, flow: SeenFlow, names: ReadonlyMap<string, string>): void {
  const tally = tallies.get(rule) ?? { lastSeenAtMs: 0, connections: 0, from: new Set(), to: new Set(), ports: new Set() };
  tallies.set(rule, tally);
  const reporter = names.get(flow.reporter) ?? flow.reporter;
  const peer = names.get(flow.peerAddress) ?? flow.peerAddress;
  const [from, to] = flow.direction === 'in' ? [peer, reporter] : [reporter, peer];
  if (tally.from.size < SPEAKERS_KEPT) tally.from.add(from);
  if (tally.to.size < SPEAKERS_KEPT) tally.to.add(to);
  const port = servicePoint(flow.protocol, flow.port);
  if (port !== null) tally.ports.add(port);
  tally.connections += flow.connections;
  tally.lastSeenAtMs = Math.max(tally.lastSeenAtMs, flow.lastSeenAtMs);
}
