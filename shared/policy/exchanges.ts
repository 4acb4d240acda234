import type { FleetHost } from '../model/host.ts';
import { type FlowFold, listNamingHosts, SERVICES } from './fold-flows.ts';
import { createPublishedReader } from './simulate-program.ts';

/** All that both ends reported about one consumer, one provider and one service. An end that is no host of the workspace is null; its address is in the flows. */
export type Exchange = {
  readonly consumer: FleetHost | null;
  readonly provider: FleetHost | null;
  /** Never empty. */
  readonly folds: FlowFold[];
  /** What the provider's kernel said: `closed` where it names listeners and named none here, as under a port scan; `unknown` where nobody can say. */
  listening: 'open' | 'closed' | 'unknown';
};

/** The exchanges of each consumer: of a host, or of an address that is none. */
export type ConsumerExchanges = { readonly host: FleetHost | null; readonly address: string; readonly exchanges: readonly Exchange[] };

/** Joins what the two ends reported. What a host sent to itself is left out. */
export function groupExchanges(folds: readonly FlowFold[], hosts: readonly FleetHost[]): ConsumerExchanges[] {
  const byAddress = new Map<string, number>();
  for (let index = hosts.length - 1; index >= 0; index--) for (const address of hosts[index]?.addresses ?? []) byAddress.set(address, index);
  const listeningOf = createListeningReader(folds, hosts);
  const consumers = new Map<number, { host: FleetHost | null; address: string; exchanges: Map<number, Exchange> }>();
  for (const fold of folds) {
    const { flow, reporterNumber, peerNumber } = fold;
    const peerIndex = byAddress.get(flow.peerAddress);
    if (peerIndex === reporterNumber) continue;
    // Hosts first, then addresses that are none.
    const other = peerIndex ?? hosts.length + peerNumber;
    const isIn = flow.direction === 'in';
    const consumerNumber = isIn ? other : reporterNumber;
    let consumer = consumers.get(consumerNumber);
    if (!consumer) {
      consumer = { host: hosts[consumerNumber] ?? null, address: flow.peerAddress, exchanges: new Map() };
      consumers.set(consumerNumber, consumer);
    }
    const providerNumber = isIn ? reporterNumber : other;
    const key = providerNumber * SERVICES + fold.serviceNumber;
    const exchange = consumer.exchanges.get(key);
    if (!exchange) {
      consumer.exchanges.set(key, { consumer: consumer.host, provider: hosts[providerNumber] ?? null, folds: [fold], listening: listeningOf(fold) });
      continue;
    }
    exchange.folds.push(fold);
    exchange.listening = surer(exchange.listening, listeningOf(fold));
  }
  return [...consumers.values()].map(({ host, address, exchanges }) => ({ host, address, exchanges: [...exchanges.values()] }));
}

/** What the provider's own report says about whether somebody listened; a consumer cannot know. */
function createListeningReader(folds: readonly FlowFold[], hosts: readonly FleetHost[]): (fold: FlowFold) => Exchange['listening'] {
  const naming = listNamingHosts(folds);
  const publishedAt = new Map(hosts.map((host) => [host.id, createPublishedReader(host)]));
  return ({ flow, reporter, hasListener }) => {
    if (flow.direction === 'out') return 'unknown';
    if (hasListener) return 'open';
    return naming.has(reporter.id) && publishedAt.get(reporter.id)?.(flow) !== true ? 'closed' : 'unknown';
  };
}

const SURENESS: Record<Exchange['listening'], number> = { unknown: 0, closed: 1, open: 2 };
/** One that was named listened; a silence counts only where nothing else is known. */
const surer = (a: Exchange['listening'], b: Exchange['listening']): Exchange['listening'] => (SURENESS[b] > SURENESS[a] ? b : a);
