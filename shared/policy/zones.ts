import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy, Zone } from '../model/policy.ts';
import { matchesSelectorSet } from './select.ts';

/** `zone` is the first zone of the policy's order that selects the host, null for none; `alsoMatches` names the later ones, in order. */
export type ZoneOfHost = { readonly zone: Zone | null; readonly alsoMatches: readonly string[] };

/** One entry for every host given, managed or not: unmanaged members of a zone are peers of its rules. */
export function zoneOfHosts(policy: Pick<Policy, 'zones'>, hosts: readonly FleetHost[]): Map<HostId, ZoneOfHost> {
  return new Map(
    hosts.map((host) => {
      const [zone = null, ...later] = policy.zones.filter((candidate) => matchesSelectorSet(candidate.select, host.labels));
      return [host.id, { zone, alsoMatches: later.map((other) => other.name) }];
    }),
  );
}
