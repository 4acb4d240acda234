import { z } from 'zod';
import { Sighting } from '../../../shared/model/reach-proof.ts';
import { cell } from './evidence-cell.ts';

const { text, time, maybeTime, count, maybeCount, flag } = cell;
const rowsOf = <Shape extends z.ZodRawShape>(shape: Shape) => z.array(z.strictObject(shape));

/**
 * What the evidence is made of: rows as the database has them, nothing computed. Each is one CSV; names of files and columns stay.
 * `z.encode` gives the cells, `parse` reads them. Hosts, zones and rules are called by the names or ids that they had when the rows were read.
 */
export const EvidenceSources = z.strictObject({
  /** Every host of the workspace. `zone` by the newest pushed version; '' none. `state` as last read back. `carried`: known by a bundle that came on a stick, `signed` or `unsigned` (then it may be made up); '' otherwise. */
  hosts: rowsOf({ host: text, managed: flag, zone: text, labels: text, addresses: text, os: text, agent_version: text, state: text, applied_mode: text, applied_version: maybeCount, verified_at: maybeTime, last_contact_at: maybeTime, carried: text }),
  /** The record of each host with an agent, by runs of hours in one state: recorded (also by the next snapshot), lost, gap, waiting, before; see `QualityHour`. Hours of no run were not kept. */
  recording: rowsOf({ host: text, from: time, until: time, state: text, snapshots: count, packets_lost: count, gap_seconds: count, rejected: count, worst_clock_offset_ms: maybeCount }),
  /** Of the newest pushed version, in the order that decides which zone a host belongs to. */
  zones: rowsOf({ zone: text, position: count, mode: text, outbound: text, select: text, only_services: text, rules: count }),
  /** Each transition of each host in pushes of the period, and before it back to the last that was confirmed. `mode` and `zone` of the bundle that was being pushed. */
  push_steps: rowsOf({ host: text, at: time, step: text, push: text, mode: text, zone: text, version: maybeCount, detail: text }),
  pushes: rowsOf({ push: text, kind: text, version: count, author: text, note: text, started_at: time, ended_at: maybeTime, outcome: text }),
  /** What versions of the period changed in the policy. */
  changes: rowsOf({ version: count, at: time, author: text, what: text, change: text, name: text, before: text, after: text }),
  /** Of the newest pushed version. */
  rules: rowsOf({ rule: text, action: text, from: text, to: text, services: text, conditions: text, owner: text, reason: text, ticket: text, review_on: text, expires_on: text, first_pushed_at: maybeTime }),
  /** Counters of the kernels as last read, one reading a host; `since` '' where it is not known when they began. */
  rule_hits: rowsOf({ rule: text, host: text, direction: text, packets: count, bytes: count, since: maybeTime, read_at: time }),
  /** Connections of the period by reporter and verdict; both ends of a conversation count where both report it. */
  verdicts: rowsOf({ host: text, zone: text, verdict: text, flows: count, connections: count }),
  /** Every blocked or would-block flow of the period. `connections` within the period. */
  refused_flows: rowsOf({ reporter: text, direction: text, peer: text, peer_address: text, protocol: text, port: count, user: text, unit: text, zone: text, verdict: text, policy_version: maybeCount, connections: count, first_seen: time, last_seen: time }),
  /** What hosts recorded about themselves (times by their clocks), and installs, uninstalls and the last look by the console's. `subject` is the event's `what` or `because`; `from` is what was loaded. */
  integrity: rowsOf({ host: text, at: time, event: text, subject: text, from: text, detail: text }),
  waivers: rowsOf({ at: time, zone: text, mode: text, check: text, reason: text, actor: text }),
  /** Containments of the versions of the period and of the draft. */
  containments: rowsOf({ containment: text, kind: text, target: text, starts_at: time, ends_at: time, actor: text, reason: text, text }),
  /** Peers of the period that are no host and in no IP list. */
  unmanaged_peers: rowsOf({ address: text, reporters: count, connections: count, last_hour: time }),
  /** How well each managed host was kept, by its own word, when the report was made; `unknown` where it did not say, or more than seven days ago. `said_at` '' never. */
  posture: rowsOf({ host: text, zone: text, secure_boot: text, disk: text, updates: text, edr: text, said_at: maybeTime }),
  other_firewalls: rowsOf({ host: text, firewall: text, state: text, in_play: flag }),
  /**
   * Connections of the period from group to group. Ends are `zone:NAME`, `unzoned`, `iplist:NAME` or `outside`; apps are those of the label. `reported_out` is what consumers reported, `reported_in` what
   * providers did (and hosts that passed it on): a conversation whose ends both report it is in both.
   */
  traffic: rowsOf({ from: text, from_app: text, to: text, to_app: text, verdict: text, reported_out: count, reported_in: count }),
  /** Connections of the period by day (UTC) and verdict. */
  traffic_days: rowsOf({ day: time, verdict: text, connections: count }),
  /** What the rules that hosts were last confirmed to run let pass from one row to another when the report was made: everything, services, nothing, or nobody where no two ends could speak. */
  zone_matrix: rowsOf({ from: text, to: text, passes: text, only_in_test: flag, services: count, some_services: text, rules: count }),
  /** Runs of the period in which hosts tried connections to each other. `zone` '' all. */
  reach_proofs: rowsOf({ proof: count, started_at: time, ended_at: time, by: text, version: maybeCount, zone: text, sample: count, seed: count, notes: text }),
  /**
   * Each TCP connection of these runs, and what was seen of its SYN at four points, by the kernels of both ends: yes, no, mixed or unknown. `test` is the policy test that asks for it, '' where it is of a sample.
   * `untried` says why nothing was tried, `source_silent` and `destination_silent` why an end did not witness.
   */
  reach_tries: rowsOf({ proof: count, test: text, from: text, from_zone: text, source: text, to: text, to_zone: text, destination: text, port: count, expect: text, untried: text, user: text, tool: text, answer: text, sent: Sighting, left: Sighting, arrived: Sighting, entered: Sighting, source_silent: text, destination_silent: text }),
  /** Figures about the policy as it was when the report was made, over the flows from the beginning of the period until then. */
  kpis: rowsOf({ kpi: text, title: text, value: text, unit: text, text, formula: text, limits: text }),
});
export type EvidenceSources = z.output<typeof EvidenceSources>;

/** What is computed from the sources and the period alone; see `derive-evidence.ts`. They are CSVs too, so that people need not compute them. */
export const EvidenceDerived = z.strictObject({
  coverage: rowsOf({ host: text, with_agent: flag, reporting: flag, hours_recorded: count, hours_expected: count, packets_lost: count, gap_seconds: count, worst_clock_offset_ms: maybeCount }),
  /** One row for each managed host and its zone. */
  enforcement: rowsOf({ host: text, zone: text, wanted_mode: text, enforced_throughout: flag, enforced_seconds: count, gaps: count }),
  enforcement_gaps: rowsOf({ host: text, zone: text, from: time, until: time, seconds: count, cause: text }),
  mode_history: rowsOf({ host: text, from: time, until: time, mode: text, zone: text, cause: text }),
  zone_enforcement: rowsOf({ zone: text, wanted_mode: text, hosts: count, hosts_throughout: count, gaps: count }),
  /** What follows from each row of reach_tries, in its order: allowed, blocked, contradicts or not-proven. */
  reach_conclusions: rowsOf({ proof: count, from: text, source: text, to: text, destination: text, port: count, expect: text, conclusion: text, cause: text }),
  /** The same in sums from zone to zone; '' none. */
  reach_zones: rowsOf({ from_zone: text, to_zone: text, tries: count, allowed: count, blocked: count, contradicts: count, not_proven: count }),
  rule_use: rowsOf({ rule: text, hosts_read: count, packets: count, oldest_since: maybeTime }),
});
export type EvidenceDerived = z.output<typeof EvidenceDerived>;

/** Of one table. What is made keeps to it, so that whoever reads a pack of a stranger can refuse more. */
export const MAX_TABLE_ROWS = 400_000;

/** Whole hours UTC; `untilMs` is past it. */
export type EvidencePeriod = { readonly fromMs: number; readonly untilMs: number };
export type Evidence = { readonly period: EvidencePeriod; readonly sources: EvidenceSources; readonly derived: EvidenceDerived };
export type RowOf<Name extends keyof EvidenceSources> = EvidenceSources[Name][number];

/** Table → its columns, in the order of the files and of the cells. */
export const TABLE_COLUMNS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({ ...EvidenceSources.shape, ...EvidenceDerived.shape }).map(([name, rows]) => [name, Object.keys(rows.element.shape)]),
);
