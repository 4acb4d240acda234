import type { FlowVerdict } from '../model/flow.ts';
import type { HostId } from '../model/ids.ts';

/** One stored aggregate as the KPIs need it. Times are epoch ms. */
export type KpiFlow = {
  readonly reporter: HostId;
  /** Equal for aggregates of one flow: same reporter, direction, peer, service, user and unit, whatever the verdict and the version. */
  readonly key: string;
  readonly verdict: FlowVerdict;
  /** In the period. */
  readonly connections: number;
  readonly firstSeenAtMs: number;
  /** Whether the peer is a host of the inventory too. */
  readonly isEastWest: boolean;
  /** What of the draft decides it: a rule, the essential block, nothing, or that cannot be known. */
  readonly decidedBy: 'rule' | 'essential' | 'none' | 'unknown';
  readonly isAllowed: boolean;
  /** When the deciding rule was pushed first; null: no rule, or it never was. */
  readonly rulePushedAtMs: number | null;
};

/** All aggregates of one flow taken together. */
export type KpiConversation = Omit<KpiFlow, 'key' | 'verdict' | 'connections'> & {
  readonly connectionsBlocked: number;
  /** First time of each verdict; null: never. */
  readonly firstWouldBlockAtMs: number | null;
  readonly firstBlockedAtMs: number | null;
};

/** Takes aggregates one by one, so that whoever reads very many can let others in between. */
export type KpiFlowBook = { readonly add: (flow: KpiFlow) => void; /** One entry a flow, in the order in which they first came. */ readonly conversations: () => KpiConversation[] };

export function createKpiFlowBook(): KpiFlowBook {
  const folded = new Map<string, KpiConversation>();
  return { add: (flow) => folded.set(flow.key, addFlow(folded.get(flow.key), flow)), conversations: () => [...folded.values()] };
}

/** The same for all at once. */
export function foldKpiFlows(flows: Iterable<KpiFlow>): KpiConversation[] {
  const book = createKpiFlowBook();
  for (const flow of flows) book.add(flow);
  return book.conversations();
}

function addFlow(before: KpiConversation | undefined, { key: _key, verdict, connections, ...flow }: KpiFlow): KpiConversation {
  const first = (known: number | null | undefined, wanted: FlowVerdict) => (verdict === wanted ? Math.min(known ?? Number.POSITIVE_INFINITY, flow.firstSeenAtMs) : (known ?? null));
  return {
    ...flow,
    firstSeenAtMs: Math.min(before?.firstSeenAtMs ?? Number.POSITIVE_INFINITY, flow.firstSeenAtMs),
    connectionsBlocked: (before?.connectionsBlocked ?? 0) + (verdict === 'blocked' ? connections : 0),
    firstWouldBlockAtMs: first(before?.firstWouldBlockAtMs, 'would-block'),
    firstBlockedAtMs: first(before?.firstBlockedAtMs, 'blocked'),
  };
}
