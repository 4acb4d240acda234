import type { MapEdge } from '../../shared/contract/views.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { getAddress } from '../../shared/net/address.ts';
import { createDetailKey } from '../../shared/policy/judge-flow.ts';
import { printCidrs } from '../../shared/net/print-range.ts';
import type { AppliedHead } from '../db/bundle-store.ts';
import type { StoredFlow } from '../db/flow-query.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import type { FlowNames } from './flow-names.ts';

export type EdgeBook = { add(flow: StoredFlow): void; edges(): MapEdge[] };

export const externalNodeId = (name: string): string => `ext:${name}`;

/** What is gathered about one consumer → provider → port, from up to two reporters. */
type Edge = {
  source: string;
  target: string;
  protocol: string;
  port: number;
  reportedOut: number;
  reportedIn: number;
  refused: 'blocked' | 'would-block' | null;
  explained: 'allowed' | 'no-rule' | 'unknown';
  users: Set<string>;
  units: Set<string>;
  firstSeenAtMs: number;
  lastSeenAtMs: number;
};

/**
 * Joins reports to edges: the consumer's `out` and the provider's `in` of one conversation count once (the larger of the two counts).
 * The worse verdict of the two ends counts, but only what the rules that a host runs now refused: what an older version refused is past.
 */
export function createEdgeBook(compiled: CompiledDraft, names: FlowNames, applied: ReadonlyMap<HostId, AppliedHead>): EdgeBook {
  const edges = new Map<string, Edge>();
  const detailsOf = createDetailKey(compiled.policy);
  const explanations = new Map<string, Edge['explained']>();
  const explainOnce = (flow: StoredFlow): Edge['explained'] => {
    // Most aggregates differ only in what no rule depends on, and judging is most of the work.
    const key = `${flow.reporter} ${flow.direction} ${flow.peerAddress} ${flow.protocol} ${flow.port} ${flow.verdict} ${detailsOf(flow)}`;
    const known = explanations.get(key) ?? explain(compiled, flow);
    explanations.set(key, known);
    return known;
  };
  const add = (flow: StoredFlow) => {
    const own = `host:${flow.reporter}`;
    const peer = nodeOf(names, flow.peerAddress);
    const [source, target] = flow.direction === 'forward' ? [peer, nodeOf(names, flow.forwardTo ?? '')] : flow.direction === 'out' ? [own, peer] : [peer, own];
    const id = `${source} ${target} ${flow.protocol}/${flow.port}`;
    const edge = edges.get(id) ?? newEdge(source, target, flow);
    edges.set(id, edge);
    edge.explained = leastExplained(edge.explained, explainOnce(flow));
    addCounts(edge, flow);
    const isPast = (flow.policyVersion ?? 0) < (applied.get(flow.reporter)?.version ?? 0);
    if (flow.verdict !== 'accepted' && !isPast) edge.refused = flow.verdict === 'blocked' || edge.refused === 'blocked' ? 'blocked' : 'would-block';
  };
  return { add, edges: () => [...edges].map(([id, edge]) => toMapEdge(id, edge)) };
}

function newEdge(source: string, target: string, flow: StoredFlow): Edge {
  return {
    source,
    target,
    protocol: flow.protocol,
    port: flow.port,
    reportedOut: 0,
    reportedIn: 0,
    refused: null,
    explained: 'unknown',
    users: new Set(),
    units: new Set(),
    firstSeenAtMs: flow.firstSeenAtMs,
    lastSeenAtMs: flow.lastSeenAtMs,
  };
}

function addCounts(edge: Edge, flow: StoredFlow): void {
  if (flow.direction === 'in') edge.reportedIn += flow.connections;
  else edge.reportedOut += flow.connections;
  if (flow.user !== null) edge.users.add(flow.user);
  if (flow.unit !== null) edge.units.add(flow.unit);
  edge.firstSeenAtMs = Math.min(edge.firstSeenAtMs, flow.firstSeenAtMs);
  edge.lastSeenAtMs = Math.max(edge.lastSeenAtMs, flow.lastSeenAtMs);
}

function toMapEdge(id: string, edge: Edge): MapEdge {
  return {
    id,
    source: edge.source,
    target: edge.target,
    protocol: edge.protocol,
    port: edge.port,
    verdict: edge.refused ?? edge.explained,
    connections: Math.max(edge.reportedIn, edge.reportedOut),
    users: [...edge.users].toSorted(),
    units: [...edge.units].toSorted(),
    firstSeenAtMs: edge.firstSeenAtMs,
    lastSeenAtMs: edge.lastSeenAtMs,
  };
}

/** Whether a rule of the draft (or the essential block) lets it through at the reporting end, were all hosts to enforce both ways. */
function explain(compiled: CompiledDraft, flow: StoredFlow): Edge['explained'] {
  const judgement = compiled.explain(flow);
  if (judgement.kind !== 'decided') return 'unknown';
  return judgement.verdict === 'allowed' ? 'allowed' : 'no-rule';
}

function leastExplained(a: Edge['explained'], b: Edge['explained']): Edge['explained'] {
  if (a === 'no-rule' || b === 'no-rule') return 'no-rule';
  return a === 'allowed' || b === 'allowed' ? 'allowed' : 'unknown';
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
