import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy } from '../model/policy.ts';
import type { Conversation } from './gather-conversations.ts';
import { type Grant, portText, type ServicePort } from './grant.ts';
import { createPairJudge, type PairVerdict } from './pair-judge.ts';
import { createRoutes, type Routes } from './routes.ts';
import { type Area, createAreas, forEachPair } from './touched-pairs.ts';

/**
 * Combinations of consumer, provider and service that were never seen. `neverSeen` would be newly permitted: the over-permission · `permittedBefore`: the draft permits
 * them already · what it denies to the two stays denied and is in neither · `again`: of the new ones, those that an earlier grant permits as well.
 */
export type GrantCount = { readonly neverSeen: number; readonly permittedBefore: number; readonly again: number; readonly examples: readonly string[] };
export type GrantCounter = (grant: Grant, earlier: GrantIndex | null) => GrantCount;

type Question = { readonly isSeen: IsSeen; readonly routes: Routes; readonly judgePair: (consumer: FleetHost, provider: FleetHost, service: ServicePort) => PairVerdict };
type IsSeen = (consumer: FleetHost, provider: FleetHost, service: ServicePort) => boolean;

const EXAMPLES = 5;

/**
 * Counts exactly, and looks only at pairs about which there is something to ask: those that were seen and those in which a rule of the draft, the essential
 * block or an earlier grant may have a say. The rest is multiplied, so that a rule between two apps of 500 hosts costs no 250,000 questions.
 */
export function createGrantCounter(policy: Policy, hosts: readonly FleetHost[], seen: readonly Conversation[], options: { readonly nowMs: number }): GrantCounter {
  const seenOn = indexSeen(seen);
  const isSeen: IsSeen = (consumer, provider, service) => seenOn(service).get(consumer.id)?.has(provider.id) === true;
  const ask: Question = { isSeen, routes: createRoutes(hosts), judgePair: createPairJudge(policy, hosts, options) };
  const listAreas = createAreas(policy, hosts, options.nowMs);
  return (grant, earlier) => {
    const routes = ask.routes.count(grant);
    const total = { neverSeen: 0, permittedBefore: 0, again: 0 };
    for (const service of grant.services) {
      const touched = countTouched(ask, service, listAreas(grant, service), earlier === null ? [] : overlaps(grant, earlier, service));
      total.neverSeen += routes - countSeen(ask, grant, seenOn(service)) - touched.permitted - touched.denied;
      total.permittedBefore += touched.permitted;
      total.again += touched.again;
    }
    return { ...total, examples: total.neverSeen === 0 ? [] : listExamples(ask, listAreas, grant) };
  };
}

type SeenPairs = ReadonlyMap<HostId, ReadonlySet<HostId>>;
const NOTHING_SEEN: SeenPairs = new Map();

function indexSeen(seen: readonly Conversation[]): (service: ServicePort) => SeenPairs {
  const byService = new Map<string, Map<HostId, Set<HostId>>>();
  for (const conversation of seen) {
    const key = portText(conversation);
    const byConsumer = byService.get(key) ?? new Map<HostId, Set<HostId>>();
    const providers = byConsumer.get(conversation.consumer.id) ?? new Set<HostId>();
    providers.add(conversation.provider.id);
    byConsumer.set(conversation.consumer.id, providers);
    byService.set(key, byConsumer);
  }
  return (service) => byService.get(portText(service)) ?? NOTHING_SEEN;
}

function countSeen({ routes }: Question, { consumers, providers }: Grant, seen: SeenPairs): number {
  const byId = new Map(providers.map((host) => [host.id, host]));
  let count = 0;
  for (const consumer of consumers) {
    for (const id of seen.get(consumer.id) ?? []) {
      const provider = byId.get(id);
      if (provider && routes.has(consumer, provider)) count++;
    }
  }
  return count;
}

/** Where earlier grants permit the service to pairs of this one. */
function overlaps(grant: Grant, earlier: GrantIndex, service: ServicePort): Area[] {
  const same = earlier.among(grant, service);
  if (same.length === 0) return [];
  const [consumers, providers] = [new Set(grant.consumers), new Set(grant.providers)];
  return same.map((other) => ({ from: other.consumers.filter((host) => consumers.has(host)), to: other.providers.filter((host) => providers.has(host)) }));
}

/**
 * Grants, found by what they may share. `groupOf` cuts the fleet into parts: grants that have no part in common at one end share no pair, and thousands of
 * grants may be about one service.
 */
export type GrantIndex = { readonly add: (grant: Grant) => void; readonly among: (grant: Grant, service: ServicePort) => Grant[] };

export function createGrantIndex(groupOf: (host: FleetHost) => string): GrantIndex {
  const grants = new Map<string, Set<Grant>>();
  const groupsOf = (hosts: readonly FleetHost[]) => [...new Set(hosts.map(groupOf))];
  const keysOf = ({ consumers, providers }: Grant, service: ServicePort) => {
    const to = groupsOf(providers);
    return groupsOf(consumers).flatMap((from) => to.map((other) => `${portText(service)} ${from} ${other}`));
  };
  return {
    add: (grant) => {
      for (const service of grant.services) {
        for (const key of keysOf(grant, service)) grants.set(key, (grants.get(key) ?? new Set<Grant>()).add(grant));
      }
    },
    among: (grant, service) => [...new Set(keysOf(grant, service).flatMap((key) => [...(grants.get(key) ?? [])]))],
  };
}

function countTouched({ isSeen, routes, judgePair }: Question, service: ServicePort, asked: readonly Area[], before: readonly Area[]) {
  const counts = { permitted: 0, denied: 0, again: 0 };
  const isUnseen = (consumer: FleetHost, provider: FleetHost) => routes.has(consumer, provider) && !isSeen(consumer, provider, service);
  forEachPair(asked, (consumer, provider) => {
    if (!isUnseen(consumer, provider)) return;
    const verdict = judgePair(consumer, provider, service);
    if (verdict !== 'new') counts[verdict]++;
  });
  forEachPair(before, (consumer, provider) => {
    if (isUnseen(consumer, provider) && judgePair(consumer, provider, service) === 'new') counts.again++;
  });
  return counts;
}

function listExamples(ask: Question, listAreas: (grant: Grant, service: ServicePort) => Area[], grant: Grant): string[] {
  const examples: string[] = [];
  const isTouched = new Map(grant.services.map((service) => [service, listAreas(grant, service).length > 0]));
  for (const { consumer, provider, service } of combinations({ ...grant, consumers: byName(grant.consumers), providers: byName(grant.providers) })) {
    if (!ask.routes.has(consumer, provider) || ask.isSeen(consumer, provider, service)) continue;
    if (isTouched.get(service) === true && ask.judgePair(consumer, provider, service) !== 'new') continue;
    examples.push(`${consumer.name} → ${provider.name} ${portText(service)}`);
    if (examples.length === EXAMPLES) break;
  }
  return examples;
}

/** The order of an end's hosts is that in which they were met. */
const byName = (hosts: readonly FleetHost[]): FleetHost[] => [...hosts].sort((a, b) => (a.name < b.name ? -1 : 1));

function* combinations({ consumers, providers, services }: Grant): Generator<{ consumer: FleetHost; provider: FleetHost; service: ServicePort }> {
  for (const service of services) for (const consumer of consumers) for (const provider of providers) yield { consumer, provider, service };
}
