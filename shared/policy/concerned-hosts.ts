import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy } from '../model/policy.ts';
import { getAddress } from '../net/address.ts';
import { containsAddress } from '../net/range-set.ts';
import { createResolver, type ResolvedPeer } from './resolve.ts';

/**
 * For each list with names that a rule uses: the managed hosts at the other end of such a rule. They are whom the list is for, so their resolvers have a say in
 * what it means, and no others have. Whole lists, not single rules: a list that meant other addresses in each rule could not be shown to anybody.
 */
export function listConcernedHosts(policy: Policy, hosts: readonly FleetHost[]): ReadonlyMap<string, ReadonlySet<HostId>> {
  const named = new Set(policy.ipLists.filter((list) => list.names !== undefined).map((list) => list.name));
  const concerned = new Map<string, Set<HostId>>();
  if (named.size === 0) return concerned;
  const resolver = createResolver(policy, hosts);
  const add = (list: string, other: ResolvedPeer) => {
    const ids = concerned.get(list) ?? new Set();
    concerned.set(list, ids);
    for (const host of hosts) if (host.managed && covers(other, host)) ids.add(host.id);
  };
  for (const { from, to } of policy.rules) {
    if (from.kind === 'iplist' && named.has(from.ipList)) add(from.ipList, resolver.resolvePeer(to));
    if (to.kind === 'iplist' && named.has(to.ipList)) add(to.ipList, resolver.resolvePeer(from));
  }
  return concerned;
}

function covers({ covers: end }: ResolvedPeer, host: FleetHost): boolean {
  if (end.kind === 'everyone') return true;
  return end.kind === 'hosts' ? end.ids.has(host.id) : host.addresses.some((address) => containsAddress(end.ranges, getAddress(address)));
}
