import type { MapVerdict } from '../../shared/contract/map-query.ts';
import type { MapEdge } from '../../shared/contract/views.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { getAddress } from '../../shared/net/address.ts';
import { printCidrs } from '../../shared/net/print-range.ts';
import type { AppliedHead } from '../db/bundle-store.ts';
import type { StoredFlow } from '../db/flow-query.ts';
import type { ImportedFlow } from '../db/imported-flow-query.ts';
import type { FlowNames } from './flow-names.ts';
import { asReported } from './imported-flows.ts';
import type { Explained, MapJudge } from './map-judge.ts';

export type EdgeBook = { add(flow: StoredFlow): void; addImported(flow: ImportedFlow, source: string): void; edges(): MapEdge[] };

export const externalNodeId = (name: string): string => `ext:${name}`;

/** null while there is none: most conversations have no process and no source, and a set for each of a hundred thousand takes longer to throw away than all that is in them. */
type Names = Set<string> | null;

function withName(names: Names, name: string | null): Names {
  if (name === null) return names;
  return names?.add(name) ?? new Set([name]);
}

const listed = (names: Names): string[] => (names === null ? [] : [...names].toSorted());

/** What is gathered about one consumer → provider → port, from up to two reporters. */
type Edge = {
  source: string;
  target: string;
  protocol: string;
  port: number;
  reportedOut: number;
  reportedIn: number;
  /** What no agent recorded; it comes on top. */
  imported: number;
  sources: Names;
  refused: 'blocked' | 'would-block' | null;
  explained: Explained;
  draft: MapVerdict;
  users: Names;
  units: Names;
  processes: Names;
  firstSeenAtMs: number;
  lastSeenAtMs: number;
};

/**
 * Joins reports to edges: the consumer's `out` and the provider's `in` of one conversation count once (the larger of the two counts).
 * The worse verdict of the two ends counts, but only what the rules that a host runs now refused: what an older version refused is past.
 */
export function createEdgeBook(judge: MapJudge, names: FlowNames, applied: ReadonlyMap<HostId, AppliedHead>): EdgeBook {
  const edges = new Map<string, Edge>();
  const add = (flow: StoredFlow) => {
    const own = `host:${flow.reporter}`;
    const peer = nodeOf(names, flow.peerAddress);
    const [source, target] = flow.direction === 'forward' ? [peer, nodeOf(names, flow.forwardTo ?? '')] : flow.direction === 'out' ? [own, peer] : [peer, own];
    const id = `${source} ${target} ${flow.protocol}/${flow.port}`;
    const edge = edges.get(id) ?? newEdge(source, target, flow);
    edges.set(id, edge);
    addCounts(edge, flow);
    const isPast = (flow.policyVersion ?? 0) < (applied.get(flow.reporter)?.version ?? 0);
    if (flow.verdict !== 'accepted' && !isPast) edge.refused = flow.verdict === 'blocked' || edge.refused === 'blocked' ? 'blocked' : 'would-block';
    weigh(judge, edge, flow);
  };
  const addImported = (flow: ImportedFlow, sourceName: string) => {
    const reported = asReported(names, flow);
    // Where nobody knows who provides, neither port names a service, and each would make an edge.
    const port = flow.basis === 'unknown' ? 0 : flow.port;
    const [source, target] = [nodeOf(names, flow.consumer), nodeOf(names, flow.provider)];
    const id = `${source} ${target} ${flow.protocol}/${port}`;
    const edge = edges.get(id) ?? newEdge(source, target, { ...flow, port });
    edges.set(id, edge);
    edge.imported += flow.connections;
    edge.sources = withName(edge.sources, sourceName);
    widenSpan(edge, flow);
    if (flow.verdict === 'blocked') edge.refused = 'blocked';
    if (reported !== null) weigh(judge, edge, reported);
  };
  return { add, addImported, edges: () => [...edges].map(([id, edge]) => toMapEdge(id, edge)) };
}

type Seen = Pick<StoredFlow, 'protocol' | 'port' | 'firstSeenAtMs' | 'lastSeenAtMs'>;

function newEdge(source: string, target: string, flow: Seen): Edge {
  return {
    source,
    target,
    protocol: flow.protocol,
    port: flow.port,
    reportedOut: 0,
    reportedIn: 0,
    imported: 0,
    sources: null,
    refused: null,
    explained: 'unknown',
    draft: 'unknown',
    users: null,
    units: null,
    processes: null,
    firstSeenAtMs: flow.firstSeenAtMs,
    lastSeenAtMs: flow.lastSeenAtMs,
  };
}

function addCounts(edge: Edge, flow: StoredFlow): void {
  if (flow.direction === 'in') edge.reportedIn += flow.connections;
  else edge.reportedOut += flow.connections;
  edge.users = withName(edge.users, flow.user);
  edge.units = withName(edge.units, flow.unit);
  edge.processes = withName(edge.processes, flow.process);
  widenSpan(edge, flow);
}

function widenSpan(edge: Edge, flow: Pick<Seen, 'firstSeenAtMs' | 'lastSeenAtMs'>): void {
  edge.firstSeenAtMs = Math.min(edge.firstSeenAtMs, flow.firstSeenAtMs);
  edge.lastSeenAtMs = Math.max(edge.lastSeenAtMs, flow.lastSeenAtMs);
}

function toMapEdge(id: string, edge: Edge): MapEdge {
  const verdict = edge.refused ?? edge.explained;
  return {
    id,
    source: edge.source,
    target: edge.target,
    protocol: edge.protocol,
    port: edge.port,
    verdict,
    draft: edge.draft,
    pairs: 1,
    differing: verdict === edge.draft ? 0 : 1,
    connections: Math.max(edge.reportedIn, edge.reportedOut) + edge.imported,
    users: listed(edge.users),
    units: listed(edge.units),
    processes: listed(edge.processes),
    sources: listed(edge.sources),
    firstSeenAtMs: edge.firstSeenAtMs,
    lastSeenAtMs: edge.lastSeenAtMs,
  };
}

/** Of two ends of one conversation: what neither knows is unknown, and one that refuses is enough. */
const WORSE_END: readonly MapVerdict[] = ['unknown', 'allowed', 'no-rule', 'would-block', 'blocked'];
const worseEnd = <V extends MapVerdict>(a: V, b: V): V => (WORSE_END.indexOf(a) >= WORSE_END.indexOf(b) ? a : b);

function weigh(judge: MapJudge, edge: Edge, flow: StoredFlow): void {
  // What was refused shows as that, whatever explains the rest of it.
  if (edge.refused === null) edge.explained = worseEnd(edge.explained, judge.explainLive(flow));
  edge.draft = worseEnd(edge.draft, judge.judgeDraft(flow));
}

/** Hosts by id, IP lists by name, everyone else by network: /24 for IPv4 and /64 for IPv6. */
function nodeOf(names: FlowNames, address: string): string {
  const { host, ipList } = names.address(address);
  if (host !== null) return `host:${host.id}`;
  return externalNodeId(ipList ?? networkOf(address));
}

function networkOf(text: string): string {
  const { family, value } = getAddress(text);
  const bits = family === 4 ? 8n : 64n;
  const first = (value >> bits) << bits;
  return printCidrs({ family, first, last: first + (1n << bits) - 1n })[0] ?? text;
}
