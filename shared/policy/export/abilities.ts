import type { FleetHost } from '../../model/host.ts';
import type { Family } from '../../net/address.ts';
import { printIdentity } from '../../text/identity-text.ts';
import { printUtc } from '../../time/schedule-windows.ts';
import type { Essential, HostRuleset, RuleRow } from '../host-ruleset.ts';
import type { ExportEntry, ExportGroup, ExportService } from './export-form.ts';
import { servicesIn } from './list-entries.ts';

/** What a target’s language has words for. What it has none for is refused by name, never written as something near to it. */
export type Abilities = {
  readonly deny: boolean;
  /** Counting what would be refused, and letting it through. */
  readonly test: boolean;
  /** A default that refuses some services only. */
  readonly onlyServices: boolean;
  /** Cutting live connections, for a time. */
  readonly containments: boolean;
  /** Absolute windows of time. */
  readonly schedules: boolean;
  /** Rules that end by themselves can end before this instant; 0 is never. */
  readonly endsBeforeMs: number;
  /** Rules about some addresses of the protected host itself. */
  readonly ownAddresses: boolean;
  /** Hosts are chosen by their labels, not by their addresses. */
  readonly byLabels?: true;
  /**
   * It stands on the host itself and records: it sees accounts (of what the host sends), hosts that observe have something to load, and what is locked is needed in both
   * families, whatever addresses are known.
   */
  readonly isOnHost?: true;
  /** What else stands against one entry, as a clause; null is nothing. */
  readonly obstacle: (entry: ExportEntry, place: { readonly direction: 'in' | 'out'; readonly action: 'allow' | 'deny'; readonly essential: Essential }) => string | null;
  /** What stands against all that was made for some hosts, such as its size; null is nothing. */
  readonly groupObstacle?: (group: ExportGroup) => string | null;
  /** What of a host it leaves unjudged while it judges the rest, as a clause; null is nothing. */
  readonly blindSpot?: (host: FleetHost, ruleset: HostRuleset) => string | null;
};

const FAMILIES = [4, 6] as const;
const WAYS = ['in', 'out'] as const;
const entryFor = (family: Family, service: ExportService): ExportEntry => ({ id: 'default', family, peers: { kind: 'any' }, local: { kind: 'any' }, service, as: null, windows: null, endsAtMs: null });

/** Why nothing can be written for a host at all; null where something can. */
export function hostObstacle(ruleset: HostRuleset, abilities: Abilities): string | null {
  if (ruleset.mode === 'test' && !abilities.test) return `zone ${ruleset.zone ?? '-'} is in test, and what would be refused cannot be counted there without refusing it`;
  const { only, essential } = ruleset;
  if (!only) return null;
  const head = `zone ${ruleset.zone ?? '-'} refuses ${only.text} only, and`;
  if (!abilities.onlyServices) return `${head} there everything is refused by default or nothing`;
  const entries = FAMILIES.flatMap((family) => servicesIn(only.services, family).map((service) => entryFor(family, service)));
  const why = WAYS.flatMap((direction) => entries.flatMap((entry) => abilities.obstacle(entry, { direction, action: 'deny', essential }) ?? []));
  return why[0] === undefined ? null : `${head} ${why[0]}`;
}

/** Why the whole row cannot be written; null where it can. */
export function rowObstacle(row: RuleRow, abilities: Abilities): string | null {
  if (row.as && !abilities.isOnHost) return `it is for ${printIdentity(row.as)}, which nobody but the host itself can see`;
  if (row.as?.kind === 'unit') return `it is for ${printIdentity(row.as)}, and units cannot be told apart there`;
  if (row.action === 'deny' && !abilities.deny) return 'there are no deny rules there';
  if (row.schedule && !abilities.schedules) return 'it has a schedule, which cannot be kept there';
  if (row.endsAtMs !== null && row.endsAtMs >= abilities.endsBeforeMs) return `it ends at ${printUtc(row.endsAtMs)} UTC, and nothing there ends by itself`;
  if (!abilities.ownAddresses && row.lanes.some(({ local }) => local.kind === 'in')) return 'it is about some addresses of the host only, which cannot be told apart there';
  return null;
}
