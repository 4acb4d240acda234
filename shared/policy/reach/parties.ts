import type { FleetHost } from '../../model/host.ts';
import type { Policy } from '../../model/policy.ts';
import { createAddressClasses } from '../address-classes.ts';
import { familyOf, type Ip, readIp } from '../simulate-match.ts';
import type { ReachWorld, Runs } from './reach-world.ts';
import type { ResolverOf } from './share-resolvers.ts';
import { listStrangers } from './strangers.ts';

/** One end of connections: a host, or an address of nobody that the inventory knows (`host` null). */
export type Party = {
  /** Its place in the list: hosts in the order of the fleet, then strangers. */
  readonly index: number;
  readonly name: string;
  readonly host: FleetHost | null;
  readonly runs: Runs | null;
  /** Of its addresses one of each kind that the policies can tell apart; empty where none is known. */
  readonly addresses: readonly Ip[];
  /** All of its addresses: what it sends there stays with it, even where another host has the address, too. */
  readonly own: ReadonlySet<Ip>;
  /** Another host has one of its addresses, too. */
  readonly isSharing: boolean;
  /** Two of one number reach the same, and are reached by the same on a given service. */
  readonly kind: number;
};

/**
 * Everybody who can be an end. What makes hosts of one kind is all that verdicts ask of them: what they run, the classes of their addresses in every policy that runs
 * anywhere, and what their locked rows name. Hosts are few kinds, and so a fleet is judged kind by kind.
 */
export function listParties(world: ReachWorld, resolverOf: ResolverOf): Party[] {
  const runs = world.hosts.map((host) => (host.managed ? world.runsOn(host) : null));
  const policies = [...new Set(runs.flatMap((one) => one?.policy ?? []))];
  const classes = policies.map((policy) => createAddressClasses(policy, world.hosts));
  const classOf = (ip: Ip) => [familyOf(ip), ...classes.map((one) => one.classOf(ip))].join();
  const shared = findShared(world.hosts);
  const contained = new Set(policies.flatMap(listQuarantined));
  const numbers = new Map<string, number>();
  const toParty = (name: string, index: number, texts: readonly string[], { host, key }: { host: FleetHost | null; key: unknown }): Party => {
    const own = new Set(texts.map(readIp));
    const byClass = new Map([...own].map((ip): [string, Ip] => [classOf(ip), ip]));
    const text = JSON.stringify([[...byClass.keys()].sort(), key]);
    const kind = numbers.get(text) ?? numbers.size;
    numbers.set(text, kind);
    return { index, name, host, runs: runs[index] ?? null, addresses: [...byClass.values()], own, isSharing: texts.some((address) => shared.has(address)), kind };
  };
  const ours = world.hosts.map((host, i) => toParty(host.name, i, host.addresses, { host, key: describeHost(host, runs[i] ?? null, { policies, shared, contained }) }));
  return [...ours, ...listStrangers(policies, world.hosts, resolverOf).map(({ name, addresses }, i) => toParty(name, ours.length + i, addresses, { host: null, key: null }))];
}

type Known = { readonly policies: readonly Policy[]; readonly shared: ReadonlySet<string>; readonly contained: ReadonlySet<string> };

function describeHost(host: FleetHost, runs: Runs | null, { policies, shared, contained }: Known): unknown {
  // Whose an address is that several hosts have depends on the other addresses of each.
  const isAlone = contained.has(host.name) || host.addresses.some((address) => shared.has(address));
  const { management, resolvers, timeServers, published = [] } = host;
  return [runs === null ? null : [policies.indexOf(runs.policy), runs.mode], management, resolvers, timeServers, published, isAlone ? host.id : null];
}

function findShared(hosts: readonly FleetHost[]): Set<string> {
  const [seen, shared] = [new Set<string>(), new Set<string>()];
  for (const address of hosts.flatMap((host) => [...new Set(host.addresses)])) (seen.has(address) ? shared : seen).add(address);
  return shared;
}

const listQuarantined = ({ containments }: Policy): string[] => containments.flatMap((one) => (one.kind === 'quarantine' ? [one.host] : []));
