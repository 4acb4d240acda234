import type { Flow } from '../model/flow.ts';
import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import type { TransportProtocol } from '../model/service.ts';
import { type AllowAnswer, createAllowAsker } from './allow-answer.ts';
import { type Exchange, groupExchanges } from './exchanges.ts';
import { type FlowFold, foldFlows, transportOf } from './fold-flows.ts';
import { createResolver } from './resolve.ts';
import { createAsideReader, type SetAside, toSetAside } from './set-aside.ts';
import type { SuggestOptions } from './suggest-options.ts';
import { createUnexplained, type Reason, type Unexplained } from './unexplained.ts';
import { zoneOfHosts } from './zones.ts';

/** Who used which service of whom, both ends' reports taken together. */
export type Conversation = {
  readonly consumer: FleetHost;
  readonly provider: FleetHost;
  readonly protocol: TransportProtocol;
  readonly port: number;
  readonly connections: number;
  readonly lastSeenAtMs: number;
};

/** Conversations in no order that matters; what is set aside with most connections first. */
export type Gathered = { readonly conversations: readonly Conversation[]; readonly unexplained: Unexplained; readonly setAside: readonly SetAside[] };

/**
 * Conversations that no rule decides and that some rule is needed for; what of these cannot become a rule, with reasons; and what was set aside.
 * Refused flows are never a reason to allow.
 */
export function gatherConversations(flows: Iterable<Flow>, policy: Policy, hosts: readonly FleetHost[], options: SuggestOptions): Gathered {
  const isNeeded = createNeed(policy, hosts, options);
  const readAside = createAsideReader(options, () => createResolver(policy, hosts));
  const askAllow = createAllowAsker(policy, hosts, options);
  const unexplained = createUnexplained();
  const conversations: Conversation[] = [];
  const setAside: SetAside[] = [];
  for (const consumer of groupExchanges(foldFlows(flows, policy, hosts), hosts)) {
    const needed = consumer.exchanges.filter((exchange) => isNeeded(exchange) && exchange.folds.some(isPassed));
    const aside = needed.length === 0 ? null : readAside(consumer);
    if (aside) setAside.push(toSetAside(consumer, aside, needed));
    else conversations.push(...needed.flatMap((exchange) => readExchange(exchange, askAllow, unexplained)));
  }
  setAside.sort((a, b) => b.connections - a.connections || (a.text < b.text ? -1 : 1));
  return { conversations, unexplained, setAside };
}

const isPassed = ({ connections }: FlowFold): boolean => connections > 0;

/** At most one conversation, of those of its flows that a rule would help; the others are unexplained. */
function readExchange(exchange: Exchange, askAllow: (fold: FlowFold) => AllowAnswer, unexplained: Unexplained): Conversation[] {
  const reason = findReason(exchange);
  const helped: FlowFold[] = [];
  for (const fold of exchange.folds) {
    const answer = isPassed(fold) ? askAllow(fold) : null;
    if (answer === null || answer.isDecided) continue;
    if (reason) unexplained.add(fold, reason);
    else if (answer.why !== null) unexplained.add(fold, { kind: 'other', why: answer.why });
    else helped.push(fold);
  }
  return toConversation(exchange, helped);
}

/** Why the exchange as a whole can be no rule; null where it can. */
function findReason({ consumer, provider, folds, listening }: Exchange): Reason | null {
  if (!consumer || !provider) return { kind: 'stranger' };
  if (transportOf(folds[0]) === null) return { kind: 'other', why: 'it has no ports, so a rule for it would be wide; write it by hand' };
  return listening === 'closed' ? { kind: 'other', why: 'nothing listened there when it was seen, as in a port scan' } : null;
}

/** Empty without flows. The two ends count the same connections, so the larger count is taken, not the sum. */
function toConversation({ consumer, provider }: Exchange, helped: readonly FlowFold[]): Conversation[] {
  const port = helped[0]?.flow.port;
  const protocol = transportOf(helped[0]);
  if (port === undefined || !consumer || !provider || protocol === null) return [];
  const sum = (direction: Flow['direction']) => helped.reduce((all, fold) => (fold.flow.direction === direction ? all + fold.connections : all), 0);
  const lastSeenAtMs = helped.reduce((last, fold) => Math.max(last, fold.lastSeenAtMs), 0);
  return [{ consumer, provider, protocol, port, connections: Math.max(sum('in'), sum('out')), lastSeenAtMs }];
}

/** A rule is needed where an end would refuse by default: a managed provider, or a managed consumer whose zone restricts outbound. */
function createNeed(policy: Policy, hosts: readonly FleetHost[], options: SuggestOptions): (exchange: Exchange) => boolean {
  const zones = zoneOfHosts(policy, hosts);
  const isIn = (host: FleetHost) => options.zone === null || zones.get(host.id)?.zone?.name === options.zone;
  return ({ consumer, provider }) => {
    const isProviderJudged = provider?.managed === true && isIn(provider);
    const isConsumerJudged = consumer?.managed === true && isIn(consumer) && zones.get(consumer.id)?.zone?.outbound === 'restricted';
    return isProviderJudged || isConsumerJudged;
  };
}
