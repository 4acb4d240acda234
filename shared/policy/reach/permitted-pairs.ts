import type { FleetHost } from '../../model/host.ts';
import type { Policy, Zone } from '../../model/policy.ts';
import { containsAddress } from '../../net/range-set.ts';
import type { ResolvedPeer, Resolver } from '../resolve.ts';
import { createServiceReader, familyOf, readIp } from '../simulate-match.ts';
import { type AskedService, listAllowing } from './asked-services.ts';
import type { Party } from './parties.ts';
import type { ReachWorld } from './reach-world.ts';
import type { ResolverOf } from './share-resolvers.ts';

/** Who may get into the provider on the service. False: certainly nothing lets the consumer through. True says nothing. */
export type ConsumerFilter = (consumer: Party) => boolean;
export type PairFilter = {
  readonly mayPass: (provider: Party, service: AskedService) => ConsumerFilter;
  /** Neither end refuses what no rule allows: what rules allow there is no news. */
  readonly isOpen: (consumer: Party, provider: Party) => boolean;
};

/**
 * Most pairs of a fleet have no rule. Where an end refuses what no rule allows, only whom a rule (or a locked row) names need be asked about at all; who that is comes from the resolver's sets, once
 * for a provider and a service. What is left over is for the simulator to decide.
 */
export function createPairFilter(world: ReachWorld, parties: readonly Party[], resolverOf: ResolverOf): PairFilter {
  const books = new Map<Policy, RuleBook>();
  for (const { runs } of parties) if (runs !== null && !books.has(runs.policy)) books.set(runs.policy, createRuleBook(runs.policy, { resolver: resolverOf(runs.policy), nowMs: world.nowMs, parties }));
  const bookOf = ({ runs }: Party) => (runs === null ? undefined : books.get(runs.policy));
  const refusesIn = parties.map((party) => bookOf(party)?.refusesIn(party) === true);
  const refusesOut = parties.map((party) => bookOf(party)?.refusesOut(party) === true);
  return {
    isOpen: (consumer, provider) => refusesIn[provider.index] !== true && refusesOut[consumer.index] !== true,
    mayPass: (provider, service) => {
      const into = refusesIn[provider.index] === true ? bookOf(provider)?.named(provider, service) : undefined;
      return (consumer) => {
        if (into !== undefined && into[consumer.index] !== 1 && !isEssentialIn(consumer, provider, service)) return false;
        if (refusesOut[consumer.index] !== true) return true;
        return bookOf(consumer)?.named(provider, service)[consumer.index] === 1 || isEssentialOut(consumer, provider, service);
      };
    },
  };
}

/** `named`: 1 at the place of each party that a rule lets into the provider on the service. */
type RuleBook = { readonly refusesIn: ConsumerFilter; readonly refusesOut: ConsumerFilter; readonly named: (provider: Party, service: AskedService) => Uint8Array };

type Within = { readonly resolver: Resolver; readonly nowMs: number; readonly parties: readonly Party[] };

function createRuleBook(policy: Policy, { resolver: { resolvePeer, zones }, nowMs, parties }: Within): RuleBook {
  const membersOf = rememberMembers(parties);
  const rules = listAllowing(policy, nowMs).map((rule) => ({ from: membersOf(resolvePeer(rule.from)), to: membersOf(resolvePeer(rule.to)), uses: createServiceReader(rule.services, policy) }));
  const books = parties.map(() => ({ rules: new Set<(typeof rules)[number]>(), byService: new Map<string, Uint8Array>() }));
  for (const rule of rules) for (const i of rule.to ?? parties.keys()) books[i]?.rules.add(rule);
  const named = (provider: Party, service: AskedService): Uint8Array => {
    const book = books[provider.index];
    const known = book?.byService.get(service.key);
    if (known) return known;
    const consumers = new Uint8Array(parties.length);
    for (const { from, uses } of book?.rules ?? []) {
      if (!service.families.some((family) => uses(toPacket(service, family)))) continue;
      if (from === null) consumers.fill(1);
      for (const i of from ?? []) consumers[i] = 1;
    }
    book?.byService.set(service.key, consumers);
    return consumers;
  };
  // A zone that refuses only some services lets all others through; a host that only counts lets everything through.
  const strictZone = ({ host, runs }: Party): Zone | null => {
    const zone = host === null || runs?.mode !== 'enforce' ? null : (zones.get(host.id)?.zone ?? null);
    return zone === null || zone.mode === 'observe' || zone.onlyServices !== null ? null : zone;
  };
  return { refusesIn: (party) => strictZone(party) !== null, refusesOut: (party) => strictZone(party)?.outbound === 'restricted', named };
}

const toPacket = ({ protocol, port }: AskedService, family: 4 | 6) => ({ source: family === 4 ? 0 : 0n, destination: family === 4 ? 0 : 0n, family, protocol, port, sourcePort: null, atMs: 0 });

/** The places of the parties that a peer means, null for all; peers that several rules name are read once. */
function rememberMembers(parties: readonly Party[]): (peer: ResolvedPeer) => readonly number[] | null {
  // Others are just what the resolver lists.
  const odd = parties.filter(({ host, isSharing }) => host === null || isSharing);
  const known = new Map<ResolvedPeer, readonly number[] | null>();
  return (peer) => {
    const before = known.get(peer);
    if (before !== undefined) return before;
    const members = peer.ends === null ? null : [...peer.ends.hosts, ...odd.filter((party) => isMember(peer, party)).map(({ index }) => index)];
    known.set(peer, members);
    return members;
  };
}

export function isMember({ covers, match }: ResolvedPeer, { host, own, isSharing }: Party): boolean {
  if (covers.kind === 'everyone') return true;
  // By its addresses a host is meant, too, where it shares one with a host that is named.
  if (covers.kind === 'hosts' && !isSharing) return host !== null && covers.ids.has(host.id);
  if (covers.kind === 'hosts' && host !== null && covers.ids.has(host.id)) return true;
  return match.kind === 'any' || (match.kind === 'in' && [...own].some((ip) => containsAddress(match.ranges, { family: familyOf(ip), value: BigInt(ip) })));
}

/** The console's way in. */
const isEssentialIn = (consumer: Party, { host }: Party, { protocol, port }: AskedService): boolean =>
  host !== null && protocol === 'tcp' && port === host.management.sshPort && hasOne(consumer, host.management.consoleAddresses);

/** Resolvers and time servers in use. */
function isEssentialOut({ host }: Party, provider: Party, { port }: AskedService): boolean {
  if (host === null || (port !== 53 && port !== 123)) return false;
  return hasOne(provider, port === 53 ? host.resolvers : host.timeServers);
}

const hasOne = ({ own }: Party, addresses: FleetHost['resolvers']): boolean => addresses.some((address) => own.has(readIp(address)));
