import type { Flow } from '../model/flow.ts';
import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import { TransportProtocol } from '../model/service.ts';
import { createFlowJudge } from './judge-flow.ts';
import { zoneOfHosts } from './zones.ts';

export type SuggestOptions = {
  readonly nowMs: number;
  /** Only for providers of this zone, and consumers of it when it restricts outbound; null is everywhere. */
  readonly zone: string | null;
};

/** Who used which service of whom, both ends' reports taken together. */
export type Conversation = {
  readonly consumer: FleetHost;
  readonly provider: FleetHost;
  readonly protocol: TransportProtocol;
  readonly port: number;
  readonly connections: number;
  readonly lastSeenAtMs: number;
};

type Draft = Omit<Conversation, 'connections'> & { seenIn: number; seenOut: number };

export type Gathered = { readonly conversations: readonly Conversation[]; readonly unexplained: readonly string[] };

/**
 * Conversations that no rule decides and that some rule is needed for, in no order that matters; and sentences about what cannot become one,
 * most connections first. The two ends count the same connections, so the larger count is taken, not the sum.
 */
export function gatherConversations(flows: readonly Flow[], policy: Policy, hosts: readonly FleetHost[], options: SuggestOptions): Gathered {
  const judge = createFlowJudge(policy, hosts, { nowMs: options.nowMs, assume: 'all-restricted' });
  const findEnds = createEndFinder(hosts);
  const isNeeded = createNeed(policy, hosts, options);
  const isProbe = createProbeTest(flows, findEnds);
  const drafts = new Map<string, Draft>();
  const unexplained = new Map<string, number>();
  for (const flow of flows) {
    if (flow.direction === 'forward' || flow.verdict === 'blocked') continue;
    const judgement = judge(flow);
    const isDecided = judgement.kind === 'decided' && (judgement.verdict === 'allowed' || judgement.by !== null);
    const ends = isDecided ? null : findEnds(flow);
    if (!ends || !isNeeded(ends.consumer, ends.provider)) continue;
    const usable = toUsable(flow, ends, isProbe(flow, ends));
    if (usable.ok) addFlow(drafts, flow, usable.ends);
    else {
      const text = `${describeFlow(flow)}: ${usable.why}`;
      unexplained.set(text, (unexplained.get(text) ?? 0) + flow.connections);
    }
  }
  const conversations = [...drafts.values()].map(({ seenIn, seenOut, ...rest }): Conversation => ({ ...rest, connections: Math.max(seenIn, seenOut) }));
  const sorted = [...unexplained].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return { conversations, unexplained: sorted.map(([text, count]) => `${text} (${count} connections)`) };
}

type Ends = { readonly consumer: FleetHost | null; readonly provider: FleetHost | null };

type EndFinder = (flow: Flow) => Ends | null;

/** Null when the reporter itself is gone, or talks to itself. */
function createEndFinder(hosts: readonly FleetHost[]): EndFinder {
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const byAddress = new Map([...hosts].reverse().flatMap((host) => host.addresses.map((address) => [address, host] as const)));
  return (flow) => {
    const reporter = byId.get(flow.reporter);
    const peer = byAddress.get(flow.peerAddress) ?? null;
    if (!reporter || peer === reporter) return null;
    return flow.direction === 'in' ? { consumer: peer, provider: reporter } : { consumer: reporter, provider: peer };
  };
}

/** A rule is needed where an end would refuse by default: a managed provider, or a managed consumer whose zone restricts outbound. */
function createNeed(policy: Policy, hosts: readonly FleetHost[], options: SuggestOptions) {
  const zones = zoneOfHosts(policy, hosts);
  const isIn = (host: FleetHost) => options.zone === null || zones.get(host.id)?.zone?.name === options.zone;
  return (consumer: FleetHost | null, provider: FleetHost | null): boolean => {
    const isProviderJudged = provider?.managed === true && isIn(provider);
    const isConsumerJudged = consumer?.managed === true && isIn(consumer) && zones.get(consumer.id)?.zone?.outbound === 'restricted';
    return isProviderJudged || isConsumerJudged;
  };
}

type Usable = { ok: true; ends: Pick<Conversation, 'consumer' | 'provider' | 'protocol'> } | { ok: false; why: string };

function toUsable(flow: Flow, { consumer, provider }: Ends, isProbe: boolean): Usable {
  const protocol = TransportProtocol.safeParse(flow.protocol);
  if (!consumer || !provider)
    return { ok: false, why: `${flow.peerAddress} is no host of this workspace; add it as an unmanaged host, or write a rule for an IP list` };
  if (!protocol.success) return { ok: false, why: 'it has no ports, so a rule for it would be wide; write it by hand' };
  if (isProbe) return { ok: false, why: 'nothing listened there when it was seen, as in a port scan' };
  return { ok: true, ends: { consumer, provider, protocol: protocol.data } };
}

/**
 * Connections to a port on which nothing listened. The recorder names the listener's unit, so a missing one means something on hosts where it
 * named others; the consumer's report of the same conversation is judged alike.
 */
function createProbeTest(flows: readonly Flow[], findEnds: EndFinder): (flow: Flow, ends: Ends) => boolean {
  const inbound = flows.filter((flow) => flow.direction === 'in');
  const namesListeners = new Set(inbound.filter((flow) => flow.unit !== null).map((flow) => flow.reporter));
  const keyOf = (flow: Flow, ends: Ends | null) => [ends?.consumer?.id, ends?.provider?.id, flow.protocol, flow.port].join(' ');
  const served = new Set(inbound.filter((flow) => flow.unit !== null).map((flow) => keyOf(flow, findEnds(flow))));
  const unserved = new Set(inbound.filter((flow) => flow.unit === null && namesListeners.has(flow.reporter)).map((flow) => keyOf(flow, findEnds(flow))));
  return (flow, ends) => unserved.has(keyOf(flow, ends)) && !served.has(keyOf(flow, ends));
}

const describeFlow = (flow: Flow): string => {
  const [from, to] = flow.direction === 'in' ? [flow.peerName, flow.reporterName] : [flow.reporterName, flow.peerName];
  return `${from} → ${to} ${flow.protocol}${flow.port === 0 ? '' : `/${flow.port}`}`;
};

function addFlow(drafts: Map<string, Draft>, flow: Flow, ends: Pick<Conversation, 'consumer' | 'provider' | 'protocol'>): void {
  const key = [ends.consumer.id, ends.provider.id, ends.protocol, flow.port].join(' ');
  const draft = drafts.get(key) ?? { ...ends, port: flow.port, lastSeenAtMs: 0, seenIn: 0, seenOut: 0 };
  if (flow.direction === 'in') draft.seenIn += flow.connections;
  else draft.seenOut += flow.connections;
  drafts.set(key, { ...draft, lastSeenAtMs: Math.max(draft.lastSeenAtMs, flow.lastSeenAtMs) });
}
