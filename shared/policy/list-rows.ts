import type { HostId } from '../model/ids.ts';
import type { Ends, FleetIndex } from './fleet-index.ts';
import type { RuleRow } from './host-ruleset.ts';
import type { PreparedRule, RowMaker } from './prepare-rules.ts';
import type { ZoneOfHost } from './zones.ts';

export type HostRows = { readonly denyIn: RuleRow[]; readonly allowIn: RuleRow[]; readonly denyOut: RuleRow[]; readonly allowOut: RuleRow[] };

/**
 * Each host's rows in the order of the rules, by the host's place in the fleet; null where a host observes. Goes from a rule to its ends, so that no host is asked about
 * rules in which it has no part. Allow rows outbound only where the zone restricts it: what is open needs no permission.
 */
export function listRows(fleet: FleetIndex, zones: ReadonlyMap<HostId, ZoneOfHost>, rules: readonly PreparedRule[]): (HostRows | null)[] {
  const zoneAt = fleet.hosts.map((host) => (host.managed ? (zones.get(host.id)?.zone ?? null) : null));
  const judged = zoneAt.map((zone): HostRows | null => (zone && zone.mode !== 'observe' ? { denyIn: [], allowIn: [], denyOut: [], allowOut: [] } : null));
  const restricted = judged.map((rows, i) => (zoneAt[i]?.outbound === 'restricted' ? rows : null));
  for (const { rule, from, to, inbound, outbound } of rules) {
    if (rule.action === 'deny') {
      place(judged, 'denyIn', to.ends, inbound);
      place(judged, 'denyOut', from.ends, outbound);
    } else {
      place(judged, 'allowIn', to.ends, inbound);
      place(restricted, 'allowOut', from.ends, outbound);
    }
  }
  return judged;
}

function place(lists: readonly (HostRows | null)[], name: keyof HostRows, ends: Ends | null, makeRow: RowMaker | null): void {
  if (!makeRow) return;
  if (!ends) {
    const row = makeRow(3);
    if (row) for (const rows of lists) rows?.[name].push(row);
    return;
  }
  const { hosts, families } = ends;
  for (let i = 0; i < hosts.length; i++) {
    const rows = lists[hosts[i] ?? -1];
    const row = rows && makeRow(families[i] ?? 0);
    if (row) rows[name].push(row);
  }
}
