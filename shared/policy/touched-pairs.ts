import type { FleetHost } from '../model/host.ts';
import type { Policy, Rule } from '../model/policy.ts';
import type { ServiceEntry } from '../model/service.ts';
import { intersectRanges } from '../net/range-set.ts';
import type { Grant, ServicePort } from './grant.ts';
import { createResolver, isLive, type ResolvedPeer, type Resolver } from './resolve.ts';
import { expandServices } from './service-match.ts';

/** Every host of one side with every host of the other. */
export type Area = { readonly from: readonly FleetHost[]; readonly to: readonly FleetHost[] };

/** The pairs of a grant that a live rule of the draft, or the essential block, may have a say in on this service. Areas may overlap; none: nothing has. */
export function createAreas(policy: Policy, hosts: readonly FleetHost[], nowMs: number): (grant: Grant, service: ServicePort) => Area[] {
  const resolver = createResolver(policy, hosts);
  const rulesOf = createRuleFinder(policy, nowMs);
  const listEssential = createEssentialAreas(hosts);
  return (grant, service) => {
    const ofRules = rulesOf(service).map((rule): Area => {
      const from = membersAmong(resolver, resolver.resolvePeer(rule.from), grant.consumers);
      return { from, to: from.length === 0 ? [] : membersAmong(resolver, resolver.resolvePeer(rule.to), grant.providers) };
    });
    return [...listEssential(grant, service), ...ofRules].filter(({ from, to }) => from.length > 0 && to.length > 0);
  };
}

/**
 * Where the essential block lets one host reach another, whatever the rules say: consoles on the port of SSH, resolvers and time servers in use, and what has an
 * address of the host itself. (DHCP has source ports that no other connection has.)
 */
function createEssentialAreas(hosts: readonly FleetHost[]): (grant: Grant, service: ServicePort) => Area[] {
  const holdersOf = (addresses: readonly string[]) => {
    const wanted = new Set(addresses);
    return new Set(hosts.filter((host) => host.addresses.some((address) => wanted.has(address))));
  };
  const sshPorts = new Set(hosts.map((host) => host.management.sshPort));
  const consoles = holdersOf(hosts.flatMap((host) => host.management.consoleAddresses));
  const resolvers = holdersOf(hosts.flatMap((host) => host.resolvers));
  const timeServers = holdersOf(hosts.flatMap((host) => host.timeServers));
  const counts = new Map<string, number>();
  for (const address of hosts.flatMap((host) => host.addresses)) counts.set(address, (counts.get(address) ?? 0) + 1);
  const sharing = holdersOf([...counts].flatMap(([address, count]) => (count > 1 ? [address] : [])));
  return ({ consumers, providers }, { protocol, port }) => [
    ...(protocol === 'tcp' && sshPorts.has(port) ? [{ from: consumers.filter((host) => consoles.has(host)), to: providers }] : []),
    ...(port === 53 ? [{ from: consumers, to: providers.filter((host) => resolvers.has(host)) }] : []),
    ...(port === 123 ? [{ from: consumers, to: providers.filter((host) => timeServers.has(host)) }] : []),
    ...(sharing.size > 0 ? [{ from: consumers.filter((host) => sharing.has(host)), to: providers.filter((host) => sharing.has(host)) }] : []),
  ];
}

/** Live rules that mean the service. Most name single ports, so only those with ranges are asked one by one. */
function createRuleFinder(policy: Policy, nowMs: number): (service: ServicePort) => readonly Rule[] {
  const byPort = new Map<string, Rule[]>();
  const wide: { rule: Rule; entries: readonly ServiceEntry[] | 'any' }[] = [];
  for (const rule of policy.rules.filter((one) => isLive(one, nowMs))) {
    const entries = expandServices(rule.services, policy.services);
    if (entries === 'any' || entries.some((entry) => entry.kind === 'ports' && entry.from !== entry.to)) wide.push({ rule, entries });
    else for (const key of new Set(entries.flatMap((entry) => (entry.kind === 'ports' ? [`${entry.protocol}/${entry.from}`] : [])))) byPort.set(key, [...(byPort.get(key) ?? []), rule]);
  }
  return (service) => [...(byPort.get(`${service.protocol}/${service.port}`) ?? []), ...wide.filter(({ entries }) => usesPort(entries, service)).map(({ rule }) => rule)];
}

const usesPort = (entries: readonly ServiceEntry[] | 'any', { protocol, port }: ServicePort): boolean =>
  entries === 'any' || entries.some((entry) => entry.kind === 'ports' && entry.protocol === protocol && entry.from <= port && port <= entry.to);

function membersAmong(resolver: Resolver, { covers }: ResolvedPeer, hosts: readonly FleetHost[]): readonly FleetHost[] {
  if (covers.kind === 'everyone') return hosts;
  if (covers.kind === 'hosts') return hosts.filter((host) => covers.ids.has(host.id));
  return hosts.filter((host) => intersectRanges(resolver.addressesOf(host), covers.ranges).length > 0);
}

/** Each pair once, however many areas have it. */
export function forEachPair(areas: readonly Area[], visit: (consumer: FleetHost, provider: FleetHost) => void): void {
  const done = areas.length < 2 ? null : new Map<FleetHost, Set<FleetHost>>();
  for (const { from, to } of areas) {
    for (const consumer of from) {
      const providers = done?.get(consumer) ?? new Set<FleetHost>();
      done?.set(consumer, providers);
      for (const provider of to) {
        if (providers.has(provider)) continue;
        if (done) providers.add(provider);
        visit(consumer, provider);
      }
    }
  }
}
