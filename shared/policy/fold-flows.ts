import { type Flow, FlowVerdict } from '../model/flow.ts';
import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import { TransportProtocol } from '../model/service.ts';
import type { Policy } from '../model/policy.ts';
import { createSenderNumbers, createTimeNumbers } from './flow-context.ts';

/** Flows that nothing tells apart but when, how often and under which version they were counted. Judged once. */
export type FlowFold = {
  /** One of them: any, since they are judged and named alike. */
  readonly flow: Flow;
  readonly reporter: FleetHost;
  /** Its place in the list of hosts; then numbers for the peer's address and for protocol and port, the same for the same. A service is below `SERVICES`. */
  readonly reporterNumber: number;
  readonly peerNumber: number;
  readonly serviceNumber: number;
  /** What was let through; 0 where all of it was refused. */
  connections: number;
  lastSeenAtMs: number;
  /** Whether the kernel named a listener at least once. */
  hasListener: boolean;
};

/**
 * One pass over the flows, which may be a stream. Forwarded ones and those of hosts that are gone are left out. Keys are numbers and not texts,
 * because a million texts cost more than everything that is done with the folds.
 */
export function foldFlows(flows: Iterable<Flow>, policy: Policy, hosts: readonly FleetHost[]): FlowFold[] {
  const reporters = new Map(hosts.map((host, index) => [host.id, index]));
  const [numberPeer, numberProtocol] = [createNumbering(), createNumbering()];
  const numberDetail = createDetailNumbers(policy);
  const byPlace = new Map<number, Map<number, FlowFold>>();
  for (const flow of flows) {
    const reporterNumber = flow.direction === 'forward' ? undefined : reporters.get(flow.reporter);
    const reporter = reporterNumber === undefined ? undefined : hosts[reporterNumber];
    if (reporterNumber === undefined || !reporter) continue;
    const place = (numberDetail(flow) * hosts.length + reporterNumber) * 2 + (flow.direction === 'in' ? 1 : 0);
    let folds = byPlace.get(place);
    if (!folds) {
      folds = new Map();
      byPlace.set(place, folds);
    }
    const peerNumber = numberPeer(flow.peerAddress);
    const serviceNumber = numberProtocol(flow.protocol) * 65_536 + flow.port;
    const key = peerNumber * SERVICES + serviceNumber;
    const fold = folds.get(key);
    if (fold) addFlow(fold, flow);
    else folds.set(key, newFold(flow, reporter, reporterNumber, peerNumber, serviceNumber));
  }
  return [...byPlace.values()].flatMap((folds) => [...folds.values()]);
}

/** 256 protocols of 65,536 ports; with four million peers still below 2^53. */
export const SERVICES = 256 * 65_536;

function newFold(flow: Flow, reporter: FleetHost, reporterNumber: number, peerNumber: number, serviceNumber: number): FlowFold {
  const fold: FlowFold = { flow, reporter, reporterNumber, peerNumber, serviceNumber, connections: 0, lastSeenAtMs: 0, hasListener: false };
  addFlow(fold, flow);
  return fold;
}

function addFlow(fold: FlowFold, flow: Flow): void {
  if (flow.unit !== null) fold.hasListener = true;
  if (flow.verdict === 'blocked') return;
  fold.connections += flow.connections;
  if (flow.lastSeenAtMs > fold.lastSeenAtMs) fold.lastSeenAtMs = flow.lastSeenAtMs;
}

/** Equal numbers, from 0 without gaps, where the judge is told the same beyond ends and service: of ICMP the verdict (an accepted one was an echo), and who sent and when as far as rules tell these apart. */
function createDetailNumbers(policy: Policy): (flow: Flow) => number {
  const senderOf = createSenderNumbers(policy);
  const timeOf = createTimeNumbers(policy);
  const numbers = new Map<number, number>();
  return (flow) => {
    const verdict = TRANSPORTS.has(flow.protocol) ? 0 : VERDICTS.indexOf(flow.verdict) + 1;
    const combination = (senderOf(flow.user, flow.unit) * MAX_TIME_NUMBERS + timeOf(flow.lastSeenAtMs)) * (VERDICTS.length + 1) + verdict;
    const known = numbers.get(combination);
    if (known !== undefined) return known;
    numbers.set(combination, numbers.size);
    return numbers.size - 1;
  };
}

const VERDICTS = FlowVerdict.options;
/** Times of one number are whole minutes or more, and a century has fewer of these. */
const MAX_TIME_NUMBERS = 2 ** 26;

const TRANSPORTS = new Map<string, TransportProtocol>(TransportProtocol.options.map((option) => [option, option]));

/** The flow's protocol if it is one with ports; null also where there is no flow. */
export const transportOf = (fold: FlowFold | undefined): TransportProtocol | null => TRANSPORTS.get(fold?.flow.protocol ?? '') ?? null;

/** 0 for the first text, 1 for the next, the same for the same. */
function createNumbering(): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    known.set(text, known.size);
    return known.size - 1;
  };
}

/** Hosts that named the listener of something that came in: there a missing name means that nothing listened. */
export const listNamingHosts = (folds: readonly FlowFold[]): Set<HostId> =>
  new Set(folds.filter(({ flow, hasListener }) => flow.direction === 'in' && hasListener).map(({ reporter }) => reporter.id));
