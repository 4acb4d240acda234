import type { FleetHost } from '../model/host.ts';
import { Cidr, type Peer } from '../model/peer.ts';
import type { Policy } from '../model/policy.ts';
import type { Family } from '../net/address.ts';
import { cidrRange } from '../net/parse-cidr.ts';
import { createAddressTable } from './address-table.ts';
import { SPECIAL_NETWORKS } from './simulate-essential.ts';
import { type Fleet, type Ip, readFleet } from './simulate-match.ts';

/** Two addresses of one class are the same to everything that a verdict asks of a peer's address, but for whether it is the judging host's own. */
export type AddressClasses = {
  readonly classOf: (ip: Ip) => number;
  /** `host` by its place in the fleet. */
  readonly isOf: (ip: Ip, host: number) => boolean;
};

/** The same rules mean all addresses of a class, and so does every locked row. There are few classes: hosts with the same labels share one, as do all strangers that the same lists and networks of the policy contain. `fleet`: the same hosts, where the caller has read them. */
export function createAddressClasses(policy: Policy, hosts: readonly FleetHost[], fleet = readFleet(hosts)): AddressClasses {
  const known = listKnown(policy, fleet);
  const placeOf = createAddressTable(known.ips);
  const kinds = Uint32Array.from(known.kinds);
  const stretchOf = createStretches(policy, hosts);
  const kindCount = kinds.reduce((most, kind) => Math.max(most, kind), 0) + 1;
  return {
    classOf: (ip) => (stretchOf(ip) * kindCount + (kinds[placeOf(ip)] ?? 0)) * 2 + (typeof ip === 'number' ? 0 : 1),
    isOf: (ip, host) => known.owners[placeOf(ip)]?.includes(host) ?? false,
  };
}

/** The addresses of hosts. The kind of one is a number from 1 for what any selector, zone or name of the policy can tell apart of its hosts, all of them where there are several. */
type KnownAddresses = { readonly ips: readonly Ip[]; readonly kinds: readonly number[]; readonly owners: readonly (readonly number[])[] };

function listKnown(policy: Policy, { hosts, ipsOf }: Fleet): KnownAddresses {
  const describe = createDescriber(policy);
  const owners = new Map<Ip, number[]>();
  hosts.forEach(({ id }, host) => {
    for (const ip of ipsOf.get(id) ?? []) owners.set(ip, [...(owners.get(ip) ?? []), host]);
  });
  const texts = hosts.map(describe);
  const numbers = new Map<string, number>();
  const kinds = [...owners.values()].map((of) => {
    const text = [...new Set(of.map((host) => texts[host]))].sort().join(' ');
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    return number;
  });
  return { ips: [...owners.keys()], kinds, owners: [...owners.values()] };
}

/** What of a host the policy can tell apart, as a text. */
function createDescriber(policy: Policy): (host: FleetHost) => string {
  const peers = [...policy.rules.flatMap((rule) => [rule.from, rule.to]), ...listExempted(policy)];
  const selectors = [...peers.flatMap((peer) => (peer.kind === 'selector' ? [peer.select] : [])), ...policy.zones.map((zone) => zone.select)];
  const keys = [...new Set(selectors.flatMap(({ include, exclude }) => [...include, ...exclude].flatMap(({ terms }) => terms.map((term) => term.key))))];
  const named = new Set<string>(peers.flatMap((peer) => (peer.kind === 'host' ? [peer.host] : [])));
  return ({ name, labels }) => JSON.stringify([keys.map((key) => (Object.hasOwn(labels, key) ? labels[key] : null)), named.has(name) ? name : null]);
}

/** Which of the policy's lists and networks, and of the addresses in any host's locked rows, contain an address; as a number. */
function createStretches(policy: Policy, hosts: readonly FleetHost[]): (ip: Ip) => number {
  const singles = new Set(hosts.flatMap((host) => [...host.management.consoleAddresses, ...host.resolvers, ...host.timeServers]));
  const groups: readonly (readonly string[])[] = [
    ...new Map([...policy.rules.flatMap((rule) => [rule.from, rule.to]), ...listExempted(policy)].map((peer) => networksOf(peer)).map((cidrs) => [cidrs.join(), cidrs])).values(),
    ...policy.ipLists.flatMap((list) => [list.cidrs, list.except]),
    ...SPECIAL_NETWORKS.map((cidr) => [cidr]),
    ...[...singles].map((single) => [single]),
  ];
  const numbers = new Map<string, number>();
  const [v4, v6] = ([4, 6] as const).map((family) => sweep(groups, family, numbers));
  return (ip) => findStretch(typeof ip === 'number' ? v4 : v6, ip);
}

/** `starts[i]` is where the addresses begin that are in the groups numbered `numbers[i]`; before the first they are in none, which is 0. */
type Stretches = { readonly starts: readonly Ip[]; readonly numbers: readonly number[] };

function sweep(groups: readonly (readonly string[])[], family: Family, known: Map<string, number>): Stretches {
  const ranges = groups.flatMap((cidrs, group) => cidrs.map((cidr) => ({ group, ...cidrRange(Cidr.parse(cidr)) }))).filter((range) => range.family === family);
  const edges = ranges.flatMap(({ group, first, last }) => [{ at: first, group, by: 1 }, { at: last + 1n, group, by: -1 }]).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const covering = new Map<number, number>();
  const stretches: { starts: Ip[]; numbers: number[] } = { starts: [], numbers: [] };
  edges.forEach(({ at, group, by }, i) => {
    const count = (covering.get(group) ?? 0) + by;
    if (count === 0) covering.delete(group);
    else covering.set(group, count);
    if (edges[i + 1]?.at === at) return;
    const key = [...covering.keys()].sort((a, b) => a - b).join();
    const number = key === '' ? 0 : (known.get(key) ?? known.size + 1);
    if (key !== '') known.set(key, number);
    stretches.starts.push(family === 4 ? Number(at) : at);
    stretches.numbers.push(number);
  });
  return stretches;
}

function findStretch(stretches: Stretches | undefined, value: Ip): number {
  if (!stretches) return 0;
  let [low, high] = [0, stretches.starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = stretches.starts[middle];
    if (start !== undefined && start <= value) low = middle + 1;
    else high = middle;
  }
  return stretches.numbers[low - 1] ?? 0;
}

const networksOf = (peer: Peer): readonly Cidr[] => (peer.kind === 'cidr' ? peer.cidrs : []);

const listExempted = ({ containments }: Policy): Peer[] => containments.flatMap((one) => (one.kind === 'close' ? one.except.map(({ from }) => from) : []));
