import type { FleetHost } from '../../model/host.ts';
import type { Policy } from '../../model/policy.ts';
import { createFleetIndex } from '../fleet-index.ts';
import { createResolver, type Resolver } from '../resolve.ts';

/** The resolver of a policy over a fleet; each is made once, and all have one index of the fleet. */
export type ResolverOf = (policy: Policy) => Resolver;

export function shareResolvers(hosts: readonly FleetHost[]): ResolverOf {
  const fleet = createFleetIndex(hosts);
  const known = new Map<Policy, Resolver>();
  return (policy) => {
    const resolver = known.get(policy) ?? createResolver(policy, hosts, fleet);
    known.set(policy, resolver);
    return resolver;
  };
}
