import type { PortRange } from '../net/port-set.ts';
import { printAddress } from '../net/address.ts';
import { createHostRules, type Judgement } from '../rule-files/judge-packet.ts';
import type { ForeignRule } from '../rule-files/rule-file.ts';
import { serviceText } from './admitted.ts';
import type { OfflineFlow, OfflineHost } from './offline-audit.ts';

/** What flows did with one rule. */
export type RuleUse = { connections: number; readonly peers: Set<string>; readonly ports: Set<number> };
export type ServiceUse = { connections: number; readonly peers: Set<string> };

/** The flows that ended at one host, held against its rules. `unnamed`: let in, and by no rule that names anything; `refused`: the rules certainly refuse them. Both by service, such as `tcp/443`. */
export type FlowUse = {
  readonly flows: number;
  readonly connections: number;
  readonly byRule: ReadonlyMap<ForeignRule, RuleUse>;
  readonly unnamed: ReadonlyMap<string, ServiceUse>;
  readonly refused: ReadonlyMap<string, ServiceUse>;
  /** Connections to a service; `ports` null: to any port. */
  connectionsTo(protocol: number, ports: PortRange | null): number;
};

const ECHO_REQUEST: Readonly<Record<number, number>> = { 1: 8, 58: 128 };
const WITH_PORTS = new Set([6, 17, 33, 132, 136]);

export function holdFlows(host: OfflineHost, flows: readonly OfflineFlow[], isCatchAll: (rule: ForeignRule) => boolean): FlowUse {
  const rules = createHostRules(host.files.map(({ rules: file }) => file));
  const byRule = new Map<ForeignRule, RuleUse>();
  const [unnamed, refused] = [new Map<string, ServiceUse>(), new Map<string, ServiceUse>()];
  let connections = 0;
  for (const { from, to, protocol, port, connections: count } of flows) {
    connections += count;
    // A log of ICMP tells no type; what opens one is an echo request.
    const judged = rules.judge({ from, to, protocol, port: WITH_PORTS.has(protocol) ? port : (ECHO_REQUEST[protocol] ?? null) });
    const peer = printAddress(from);
    for (const rule of rulesOf(judged)) {
      const used = byRule.get(rule) ?? { connections: 0, peers: new Set<string>(), ports: new Set<number>() };
      used.connections += count;
      used.peers.add(peer);
      used.ports.add(port);
      byRule.set(rule, used);
    }
    // What a rule decides that is not modelled (a chain that is not there, another address) may be for this service too.
    const isNamed = judged.accept.some(({ rule }) => rule !== null && (rule.action.kind !== 'accept' || !isCatchAll(rule)));
    // Of a family without a file nothing is claimed.
    const isUnknown = host.files.length > 0 && !judged.isKnown;
    const book = !judged.mayPass ? refused : isNamed || isUnknown ? null : unnamed;
    if (book !== null) addTo(book, serviceText(protocol, WITH_PORTS.has(protocol) ? { from: port, to: port } : null), peer, count);
  }
  return {
    flows: flows.length,
    connections,
    byRule,
    unnamed,
    refused,
    connectionsTo: createPortSums(flows),
  };
}

/** Sums by protocol over ascending ports, so that a host with as many services as there are ports asks for each in a few steps, however many flows there are. */
function createPortSums(flows: readonly OfflineFlow[]): FlowUse['connectionsTo'] {
  const byProtocol = new Map<number, Map<number, number>>();
  for (const { protocol, port, connections } of flows) {
    const ports = byProtocol.get(protocol) ?? new Map<number, number>();
    byProtocol.set(protocol, ports.set(port, (ports.get(port) ?? 0) + connections));
  }
  /** `sums[n]`: of the ports before place n. */
  const sorted = new Map(
    [...byProtocol].map(([protocol, ports]) => {
      const ascending = [...ports].sort(([a], [b]) => a - b);
      const sums = [0];
      for (const [, connections] of ascending) sums.push((sums.at(-1) ?? 0) + connections);
      return [protocol, { ports: ascending.map(([port]) => port), sums }] as const;
    }),
  );
  return (protocol, ports) => {
    const known = sorted.get(protocol);
    if (known === undefined) return 0;
    const sumBefore = (place: number) => known.sums[place] ?? 0;
    if (ports === null) return sumBefore(known.ports.length);
    return sumBefore(placeOf(known.ports, ports.to + 1)) - sumBefore(placeOf(known.ports, ports.from));
  };
}

/** How many of the ascending numbers are below. */
function placeOf(ascending: readonly number[], number: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

const rulesOf = ({ accept, drop }: Judgement): ForeignRule[] => [...accept, ...drop].flatMap(({ rule }) => rule ?? []);

function addTo(book: Map<string, ServiceUse>, service: string, peer: string, count: number): void {
  const known = book.get(service) ?? { connections: 0, peers: new Set<string>() };
  known.connections += count;
  known.peers.add(peer);
  book.set(service, known);
}
