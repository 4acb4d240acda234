import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Labels } from '../model/label.ts';
import type { Policy, ZoneMode } from '../model/policy.ts';
import { zoneOfHosts } from '../policy/zones.ts';
import { sortLabelKeys } from '../text/label-text.ts';

/** One label that a host gains (`before` null), loses (`after` null) or that gets another value. */
export type LabelChange = { readonly host: string; readonly key: string; readonly before: string | null; readonly after: string | null };
/** A host that would belong to another zone; null: to none, and is observed. */
export type ZoneMove = { readonly host: string; readonly from: string | null; readonly to: string | null };
export type ZoneChange = { readonly zone: string; readonly mode: ZoneMode; readonly joins: number; readonly leaves: number };

/** Changes and moves in the order of `fleet`; zones in their own order, only those that somebody joins or leaves. */
export type LabelEffect = { readonly changes: readonly LabelChange[]; readonly moves: readonly ZoneMove[]; readonly zones: readonly ZoneChange[] };

/** What other labels than those of `fleet` would do to labels and zones. A host that is not in `after` keeps its labels. */
export function previewLabels(policy: Pick<Policy, 'zones'>, fleet: readonly FleetHost[], after: ReadonlyMap<HostId, Labels>): LabelEffect {
  const changed = fleet.map((host) => ({ ...host, labels: after.get(host.id) ?? host.labels }));
  const zonesBefore = zoneOfHosts(policy, fleet);
  const zonesAfter = zoneOfHosts(policy, changed);
  const moves = fleet.flatMap((host): ZoneMove[] => {
    const [from, to] = [zonesBefore, zonesAfter].map((zones) => zones.get(host.id)?.zone?.name ?? null);
    return from === to ? [] : [{ host: host.name, from: from ?? null, to: to ?? null }];
  });
  const zones = policy.zones.map(({ name, mode }) => ({ zone: name, mode, joins: moves.filter(({ to }) => to === name).length, leaves: moves.filter(({ from }) => from === name).length }));
  return {
    changes: fleet.flatMap((host) => compareLabels(host.name, host.labels, after.get(host.id) ?? host.labels)),
    moves,
    zones: zones.filter(({ joins, leaves }) => joins + leaves > 0),
  };
}

/** By key, built-in keys first. */
export function compareLabels(host: string, before: Labels, after: Labels): LabelChange[] {
  const valueIn = (labels: Labels, key: string): string | null => (Object.hasOwn(labels, key) ? (labels[key] ?? null) : null);
  return sortLabelKeys([...new Set([...Object.keys(before), ...Object.keys(after)])])
    .map((key) => ({ host, key, before: valueIn(before, key), after: valueIn(after, key) }))
    .filter((change) => change.before !== change.after);
}

/** `+role=db`, `-role=db`, `role=web → db`. */
export function printLabelChange({ key, before, after }: Pick<LabelChange, 'key' | 'before' | 'after'>): string {
  if (before === null) return `+${key}=${after ?? ''}`;
  return after === null ? `-${key}=${before}` : `${key}=${before} → ${after}`;
}
