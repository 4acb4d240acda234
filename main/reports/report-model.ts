import type { Kpi } from '../../shared/model/kpi.ts';
import type { ZoneMode } from '../../shared/model/policy.ts';

/** Everything that the summary says: one page, and one of KPIs. Filled by `main/services`; times are epoch ms and printed in UTC. */
export type ReportModel = {
  readonly workspace: string;
  /** Of the generated sample: nothing in it is real, and the report says so on top. */
  readonly sample: boolean;
  readonly generatedAtMs: number;
  readonly generatedBy: string;
  /** Version of Firebreak that made it. */
  readonly console: string;
  readonly period: { readonly fromMs: number; readonly toMs: number };
  /** Policy version that was pushed last; null: none yet. */
  readonly policyVersion: string | null;
  readonly draftChanged: boolean;
  /** What limits every statement below; printed first. */
  readonly limits: {
    readonly hostsInScope: number;
    readonly hostsWithAgent: number;
    /** Of those, how many gave data for the period. */
    readonly hostsReporting: number;
    /** Names of managed hosts that a connection reaches and that gave no data in the period, sorted. */
    readonly silentHosts: readonly string[];
    /** Hours that some snapshot covers (its own hour, or counted with the next), summed over hosts; and how many there would be without a gap. */
    readonly hoursOfData: number;
    readonly hoursExpected: number;
    readonly eventsLost: number;
    /** Peer addresses that belong to no host and no IP list. */
    readonly unmanagedPeers: number;
    /** Hosts that are known by bundles which were carried here; how many of those in scope run no agent, as far as a receipt tells, and how many do; and the names of those whose bundle nobody signed. */
    readonly carried: { readonly hosts: number; readonly withoutAgent: number; readonly withAgent: number; readonly unsigned: readonly string[] };
    readonly otherFirewalls: readonly { readonly host: string; readonly firewall: string }[];
  };
  /** In the order that decides which zone a host belongs to. */
  readonly zones: readonly {
    readonly name: string;
    /** What the draft wants. */
    readonly mode: ZoneMode;
    readonly outbound: 'open' | 'restricted';
    readonly hosts: number;
    /** What its hosts run, as last read back from them: `enforce`, `test`, `observe`, `drifted`, `not read` → hosts. Only what occurs. */
    readonly runs: readonly { readonly what: string; readonly hosts: number }[];
    readonly rules: number;
  }[];
  /** Hosts that no zone selects: observed only. */
  readonly hostsWithoutZone: number;
  /** Connections in the period by what the kernels did. */
  readonly verdicts: { readonly accepted: number; readonly wouldBlock: number; readonly blocked: number };
  /** Readiness checks that somebody overruled in the period, newest first. */
  readonly waivers: readonly {
    readonly zone: string;
    readonly mode: string;
    readonly check: string;
    readonly reason: string;
    readonly actor: string;
    readonly atMs: number;
  }[];
  /** On what the zones of the newest version were moved, in their order; `actor` and `atMs` null where none was stored. Zones in observe are left out. */
  readonly evidence: readonly {
    readonly zone: string;
    readonly mode: string;
    readonly actor: string | null;
    readonly atMs: number | null;
    /** How many checks were met, and how many were neither met nor waived. */
    readonly met: number;
    readonly open: number;
    readonly waived: readonly { readonly check: string; readonly reason: string; readonly actor: string }[];
    readonly isStale: boolean;
  }[];
  /** Newest first. */
  readonly pushes: readonly {
    readonly id: string;
    readonly kind: 'push' | 'rollback';
    readonly version: string;
    readonly author: string;
    readonly note: string;
    readonly startedAtMs: number;
    readonly outcome: string;
    readonly hostsConfirmed: number;
    readonly hostsInAll: number;
  }[];
  /** Of the period, in the order in which they are printed. */
  readonly kpis: readonly Kpi[];
};
