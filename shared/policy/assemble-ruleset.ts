import type { FleetHost } from '../model/host.ts';
import type { Zone } from '../model/policy.ts';
import { getAddress } from '../net/address.ts';
import { equalRanges, type RangeSet, singleRange, toRangeSet } from '../net/range-set.ts';
import type { TimeSpan } from '../time/schedule-windows.ts';
import type { ContainmentRow, Essential, HostRuleset } from './host-ruleset.ts';
import type { HostRows } from './list-rows.ts';

type Parts = { readonly zone: Zone | null; readonly only: HostRuleset['only']; readonly essential: Essential; readonly containments: readonly ContainmentRow[]; readonly years: TimeSpan };

/** The ruleset of a host with these rows; null is a host that observes. */
export function assembleRuleset(host: FleetHost, rows: HostRows | null, { zone, only, essential, containments, years }: Parts): HostRuleset {
  const base = { ...emptyRuleset(host, essential), containments, zone: zone?.name ?? null, outbound: zone?.outbound ?? 'open' } as const;
  if (!zone || !rows) return base;
  const isTimed = Object.values(rows).some((list) => list.some((row) => row.schedule !== null));
  return { ...base, ...rows, mode: zone.mode, only, scheduleSpan: isTimed ? years : null };
}

export function emptyRuleset(host: FleetHost, essential: Essential): HostRuleset {
  return {
    kind: 'host-ruleset',
    hostId: host.id,
    hostName: host.name,
    mode: 'observe',
    zone: null,
    outbound: 'open',
    only: null,
    scheduleSpan: null,
    essential,
    containments: [],
    denyIn: [],
    allowIn: [],
    denyOut: [],
    allowOut: [],
  };
}

export const toEssential = (host: FleetHost): Essential => ({
  sshPort: host.management.sshPort,
  consoles: toAddressSet(host.management.consoleAddresses),
  resolvers: toAddressSet(host.resolvers),
  timeServers: toAddressSet(host.timeServers),
});

const toAddressSet = (texts: readonly string[]): RangeSet => toRangeSet(texts.map((text) => singleRange(getAddress(text))));

/** Whether two rulesets of one host are equal. Rows are compared as objects: rows that were made anew count as others, which costs work and nothing else. */
export function isSameRuleset(a: HostRuleset, b: HostRuleset): boolean {
  return (
    a.hostName === b.hostName &&
    a.mode === b.mode &&
    a.zone === b.zone &&
    a.outbound === b.outbound &&
    a.scheduleSpan?.toMs === b.scheduleSpan?.toMs &&
    JSON.stringify(a.only) === JSON.stringify(b.only) &&
    isSameEssential(a.essential, b.essential) &&
    isSameContainments(a.containments, b.containments) &&
    ROW_LISTS.every((list) => a[list].length === b[list].length && a[list].every((row, i) => row === b[list][i]))
  );
}

const ROW_LISTS = ['denyIn', 'allowIn', 'denyOut', 'allowOut'] as const;
const SERVERS = ['consoles', 'resolvers', 'timeServers'] as const;

const isSameEssential = (a: Essential, b: Essential): boolean => a === b || (a.sshPort === b.sshPort && SERVERS.every((servers) => equalRanges(a[servers], b[servers])));

const isSameContainments = (a: readonly ContainmentRow[], b: readonly ContainmentRow[]): boolean => a.length === b.length && a.every((row, i) => printContainment(row) === printContainment(b[i]));
const printContainment = (row: ContainmentRow | undefined): string => JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
