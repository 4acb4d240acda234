import { type Closure, type Containment, type Exemption, isInForce } from '../model/containment.ts';
import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import { type RangeSet, toRangeSet } from '../net/range-set.ts';
import { describeContainmentBriefly } from './describe-containment.ts';
import type { ContainmentRow } from './host-ruleset.ts';
import type { Resolver } from './resolve.ts';
import { toServiceMatch } from './service-match.ts';

/** Gives the rows of a host, by id, since the order in a policy means nothing; containments that have ended at `nowMs` have none. A quarantine of a host that is not there is nobody's. */
export function createContainmentLister(policy: Policy, resolver: Resolver, nowMs: number): (host: FleetHost) => readonly ContainmentRow[] {
  const live = policy.containments.filter((containment) => isInForce(containment, nowMs)).sort((a, b) => (a.id < b.id ? -1 : 1));
  if (live.length === 0) return () => NOTHING;
  return (host) => live.flatMap((containment) => toRow(containment, { host, policy, resolver }));
}

const NOTHING: readonly ContainmentRow[] = [];

type At = { readonly host: FleetHost; readonly policy: Policy; readonly resolver: Resolver };

function toRow(containment: Containment, { host, policy, resolver }: At): ContainmentRow[] {
  const common = { id: containment.id, endsAtMs: Date.parse(containment.endsAt), text: describeContainmentBriefly(containment) };
  if (containment.kind === 'quarantine') return containment.host === host.name ? [{ kind: 'quarantine-row', ...common }] : [];
  if (resolver.zones.get(host.id)?.zone?.name !== containment.zone) return [];
  return [{ kind: 'close-row', ...common, services: toServiceMatch(containment.services, policy.services), except: consumersOf(containment, host, resolver) }];
}

/** Whoever may go on reaching the services at this host. */
function consumersOf({ except }: Closure, host: FleetHost, resolver: Resolver): RangeSet {
  const consumers = except.filter(({ to }: Exemption) => to === host.name).map(({ from }) => resolver.resolvePeer(from).match);
  return toRangeSet(consumers.flatMap((match) => (match.kind === 'in' ? match.ranges : [])));
}
