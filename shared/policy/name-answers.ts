import type { DnsName } from '../model/dns-name.ts';
import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { NameSighting } from '../model/name-ledger.ts';
import { Cidr } from '../model/peer.ts';
import { DEFAULT_NAME_DAYS, type IpList, type Policy } from '../model/policy.ts';
import { getAddress } from '../net/address.ts';
import { cidrRange } from '../net/parse-cidr.ts';
import { containsAddress, type RangeSet, toRangeSet } from '../net/range-set.ts';
import { findSpecialUse } from '../net/special-networks.ts';
import { listConcernedHosts } from './concerned-hosts.ts';

/** used: part of the list · old: not seen for the list's days · refused: it must not be what a public name means (`why`) · others: seen by hosts only that no rule with the list is about · over: beyond the limit. */
export const ANSWER_STATES = ['used', 'refused', 'over', 'others', 'old'] as const;
export type AnswerState = (typeof ANSWER_STATES)[number];
/** `sightings` are all of the address, newest first, never empty. `why` is half a sentence, empty where it is used. */
export type NameAnswer = { readonly address: string; readonly state: AnswerState; readonly why: string; readonly sightings: readonly NameSighting[] };
export type NameAnswers = { readonly list: string; readonly name: DnsName; readonly answers: readonly NameAnswer[] };

/** What names are resolved by. */
export type NameWorld = { readonly sightings: readonly NameSighting[]; readonly hosts: readonly FleetHost[] };

/** A name with more is a provider's whole front, which other customers share: a proxy is the tool for it, and not a packet filter. */
export const MAX_ANSWERS = 128;
const DAY_MS = 86_400_000;

/**
 * What each name of each list means at `nowMs`, in the order of the lists; answers that are used first, those of the console before those of hosts, then by the newest sighting. Days are counted from
 * midnight UTC, so that a compile gives the same all day.
 */
export function readNameAnswers(policy: Policy, world: NameWorld, nowMs: number): NameAnswers[] {
  const lists = policy.ipLists.filter((list) => list.names !== undefined);
  if (lists.length === 0) return [];
  const concerned = listConcernedHosts(policy, world.hosts);
  const byName = Map.groupBy(world.sightings, ({ name }) => name);
  const owners = listOwners(world.hosts);
  return lists.flatMap((list) => {
    const judge = createJudge(list, owners, concerned.get(list.name) ?? new Set(), nowMs);
    return (list.names ?? []).map((name): NameAnswers => ({ list: list.name, name, answers: judge(byName.get(name) ?? []) }));
  });
}

/** The policy with the addresses of names among the networks of their lists. Lists without names are the same objects. A name that nobody could resolve adds nobody. */
export function withResolvedNames(policy: Policy, world: NameWorld, nowMs: number): Policy {
  return withAnswers(policy, readNameAnswers(policy, world, nowMs));
}

/** The same from answers that were read already. */
export function withAnswers(policy: Policy, answers: readonly NameAnswers[]): Policy {
  if (answers.length === 0) return policy;
  const byList = Map.groupBy(answers, ({ list }) => list);
  const resolve = (list: IpList): IpList => {
    const addresses = (byList.get(list.name) ?? []).flatMap(usedAddresses);
    return addresses.length === 0 ? list : { ...list, cidrs: [...new Set([...list.cidrs, ...addresses.sort().map(toCidr)])] };
  };
  return { ...policy, ipLists: policy.ipLists.map(resolve) };
}

export const usedAddresses = ({ answers }: NameAnswers): string[] => answers.filter(({ state }) => state === 'used').map(({ address }) => address);

/** The ledger as it was at an earlier time, as far as it still knows: what was seen by then. An address that went away and came back since is taken to have been there. */
export const sightingsAsOf = (sightings: readonly NameSighting[], atMs: number): NameSighting[] => sightings.filter(({ firstSeenAtMs }) => firstSeenAtMs <= atMs);

type Judge = (sightings: readonly NameSighting[]) => NameAnswer[];

function createJudge(list: IpList, owners: ReadonlyMap<string, string>, concerned: ReadonlySet<HostId>, nowMs: number): Judge {
  const oldestMs = Math.floor(nowMs / DAY_MS) * DAY_MS - (list.nameDays ?? DEFAULT_NAME_DAYS) * DAY_MS;
  const inside = toRangeSet((list.nameNetworks ?? []).map(cidrRange));
  const counts = ({ seenBy }: NameSighting) => seenBy === null || concerned.has(seenBy);
  const judge = (address: string, sightings: readonly NameSighting[]): NameAnswer => {
    const at = { address, sightings };
    if (!sightings.some((sighting) => sighting.lastSeenAtMs >= oldestMs)) return { ...at, state: 'old', why: `not seen for ${list.nameDays ?? DEFAULT_NAME_DAYS} days` };
    const why = whyRefused(address, owners, inside);
    if (why !== null) return { ...at, state: 'refused', why };
    if (!sightings.some((sighting) => sighting.lastSeenAtMs >= oldestMs && counts(sighting))) return { ...at, state: 'others', why: 'seen only by hosts that no rule with this list is about' };
    return { ...at, state: 'used', why: '' };
  };
  return (sightings) => {
    const answers = [...Map.groupBy(sightings, ({ address }) => address)].map(([address, all]) => judge(address, all.toSorted(byTime))).toSorted(byTrust);
    const beyond = new Set(answers.filter(({ state }) => state === 'used').slice(MAX_ANSWERS));
    const bounded = answers.map((answer): NameAnswer => (beyond.has(answer) ? { ...answer, state: 'over', why: `one of more than ${MAX_ANSWERS}` } : answer));
    return bounded.toSorted((a, b) => ANSWER_STATES.indexOf(a.state) - ANSWER_STATES.indexOf(b.state));
  };
}

/**
 * Why an address must not be let in as the meaning of a name, whoever says so; null: it may. Whoever answers for a name could else open a way to a machine of ours
 * (DNS rebinding), so what lies inside is taken only where the list itself says that it may.
 */
function whyRefused(address: string, owners: ReadonlyMap<string, string>, inside: RangeSet): string | null {
  const parsed = getAddress(address);
  const special = findSpecialUse(parsed);
  if (special?.kind === 'never') return `it is ${special.what}, which no name of another machine means`;
  if (containsAddress(inside, parsed)) return null;
  const owner = owners.get(address);
  if (owner !== undefined) return `it is ${owner} of this workspace; name that by its labels, or list the address in nameNetworks`;
  return special === null ? null : `it is ${special.what}; if that is right, list its network in nameNetworks`;
}

function listOwners(hosts: readonly FleetHost[]): Map<string, string> {
  const consoles = hosts.flatMap((host) => host.management.consoleAddresses.map((address): [string, string] => [address, 'a console']));
  return new Map([...consoles, ...hosts.flatMap((host) => host.addresses.map((address): [string, string] => [address, `host ${host.name}`]))]);
}

const byTime = (a: NameSighting, b: NameSighting): number => b.lastSeenAtMs - a.lastSeenAtMs || (a.seenBy ?? '').localeCompare(b.seenBy ?? '');

/** The console's first: one host that lies must not crowd out what the console sees. */
const byTrust = (a: NameAnswer, b: NameAnswer): number => rank(a) - rank(b) || lastSeen(b) - lastSeen(a) || (a.address < b.address ? -1 : 1);
const rank = ({ sightings }: NameAnswer): number => (sightings.some(({ seenBy }) => seenBy === null) ? 0 : 1);
const lastSeen = ({ sightings }: NameAnswer): number => sightings[0]?.lastSeenAtMs ?? 0;

const toCidr = (address: string): Cidr => Cidr.parse(address);
