import type { HostId } from '../../model/ids.ts';
import { type AskedService, listAllowing, ofListener, ofPublished, ofRule, OTHERS } from './asked-services.ts';
import { listParties, type Party } from './parties.ts';
import { createPassageJudge, type Passage, type PassageJudge } from './passages.ts';
import { createPairFilter, isMember, type PairFilter } from './permitted-pairs.ts';
import type { ReachWorld } from './reach-world.ts';
import { type ResolverOf, shareResolvers } from './share-resolvers.ts';

/** Everything that questions of reach are answered from; made once for a world, asked many times. */
export type ReachIndex = {
  readonly world: ReachWorld;
  readonly parties: readonly Party[];
  readonly judge: PassageJudge;
  readonly filter: PairFilter;
  /** What listens at a party, with published container ports; empty where nobody knows (`isKnown`). */
  readonly listening: (party: Party) => readonly AskedService[];
  readonly isKnown: (party: Party) => boolean;
  /** What rules name there, and a port that nothing names: what may be worth asking where nobody knows what listens. */
  readonly supposed: (party: Party) => readonly AskedService[];
  /** Two of one number are reached by the same, on the same services. */
  readonly groupOf: (party: Party) => number;
  /** Whether the consumer gets into the provider on something that listens there; with `isSupposed`, where nobody knows, on anything. Each distinct question is answered once. */
  readonly connects: (consumer: Party, provider: Party, isSupposed: boolean) => boolean;
};

/** A service that can be reached. */
export type Opening = { readonly service: AskedService; readonly passage: Passage };

export function createReachIndex(world: ReachWorld): ReachIndex {
  const resolverOf = shareResolvers(world.hosts);
  const parties = listParties(world, resolverOf);
  const listening = parties.map(({ host }) => (host === null ? null : listListening(world, host)));
  const groups = numberGroups(parties, listening);
  const index = {
    world,
    parties,
    judge: createPassageJudge(world),
    filter: createPairFilter(world, parties, resolverOf),
    listening: (party: Party) => listening[party.index] ?? [],
    isKnown: (party: Party) => listening[party.index] != null,
    supposed: createSupposedServices(world, parties, resolverOf),
    groupOf: (party: Party) => groups[party.index] ?? 0,
  };
  return { ...index, connects: rememberConnections(index) };
}

/** All of the services that pass, in the order in which they were asked. */
export const listOpenings = ({ judge, filter }: ReachIndex, consumer: Party, provider: Party, services: readonly AskedService[]): Opening[] =>
  services.flatMap((service) => {
    const passage = filter.mayPass(provider, service)(consumer) ? judge(consumer, provider, service) : null;
    return passage?.passes === true ? [{ service, passage }] : [];
  });

export const partyOf = ({ parties }: ReachIndex, id: HostId): Party | undefined => parties.find(({ host }) => host?.id === id);

function numberGroups(parties: readonly Party[], listening: readonly (readonly AskedService[] | null)[]): number[] {
  const numbers = new Map<string, number>();
  return parties.map(({ index, kind }) => {
    const text = `${kind} ${listening[index]?.map(({ key }) => key).join(';') ?? 'unknown'}`;
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
}

type Asking = Omit<ReachIndex, 'connects'>;

/** Answers by kind of consumer and group of provider: a byte each, of which every fleet has at most a hundred million. */
function rememberConnections(index: Asking): ReachIndex['connects'] {
  const width = index.parties.length;
  // Only where somebody's listeners are not known is there a second kind of question.
  const isSomebodyUnknown = index.parties.some((party) => party.host !== null && !index.isKnown(party));
  const answers = [new Uint8Array(width * width), new Uint8Array(isSomebodyUnknown ? width * width : 0)] as const;
  const ask = (consumer: Party, provider: Party, services: readonly AskedService[]) =>
    services.some((service) => index.filter.mayPass(provider, service)(consumer) && index.judge(consumer, provider, service)?.passes === true);
  return (consumer, provider, isSupposed) => {
    const isUnknown = isSupposed && !index.isKnown(provider);
    const book = answers[isUnknown ? 1 : 0];
    const key = consumer.kind * width + index.groupOf(provider);
    const known = book[key];
    if (known) return known === 2;
    const isOpen = ask(consumer, provider, isUnknown ? index.supposed(provider) : index.listening(provider));
    book[key] = isOpen ? 2 : 1;
    return isOpen;
  };
}

function listListening(world: ReachWorld, host: ReachWorld['hosts'][number]): AskedService[] | null {
  const listeners = world.listenersOf(host);
  if (listeners === null) return null;
  const own = new Set(host.addresses);
  // What is bound to an address that is not known as the host's (a container bridge) is not reached through the network that the console knows.
  const reachable = listeners.filter(({ address }) => address === null || own.has(address)).map(ofListener);
  return [...new Map([...reachable, ...ofPublished(host)].map((service) => [service.key, service])).values()];
}

/** Ports that nothing names, then the services of rules that name a party as provider, in any policy that somebody runs; each once. */
function createSupposedServices(world: ReachWorld, parties: readonly Party[], resolverOf: ResolverOf): ReachIndex['supposed'] {
  const policies = [...new Set(parties.flatMap(({ runs }) => runs?.policy ?? []))];
  const rules = policies.flatMap((policy) => {
    const { resolvePeer } = resolverOf(policy);
    return listAllowing(policy, world.nowMs).map((rule) => ({ to: resolvePeer(rule.to), services: ofRule(rule, policy) }));
  });
  const known = new Map<number, readonly AskedService[]>();
  return (party) => {
    const before = known.get(party.kind);
    if (before) return before;
    const named = rules.filter(({ to }) => isMember(to, party)).flatMap((rule) => rule.services);
    const services = [...new Map([...OTHERS, ...named].map((service) => [service.key, service])).values()];
    known.set(party.kind, services);
    return services;
  };
}
