import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy, Zone } from '../model/policy.ts';
import { createHostSelector, type HostSelector } from './select-hosts.ts';

/** `zone` is the first zone of the policy's order that selects the host, null for none; `alsoMatches` names the later ones, in order. */
export type ZoneOfHost = { readonly zone: Zone | null; readonly alsoMatches: readonly string[] };

/** One entry for every host given, managed or not: unmanaged members of a zone are peers of its rules. `select` is that of `hosts`, for whom has one. */
export function zoneOfHosts(policy: Pick<Policy, 'zones'>, hosts: readonly FleetHost[], select: HostSelector = createHostSelector(hosts)): Map<HostId, ZoneOfHost> {
  const found: Zone[][] = hosts.map(() => []);
  for (const zone of policy.zones) {
    for (const i of select(zone.select)) found[i]?.push(zone);
  }
  return new Map(
    hosts.map((host, i) => {
      const [zone = null, ...later] = found[i] ?? [];
      return [host.id, { zone, alsoMatches: later.map((other) => other.name) }];
    }),
  );
}
