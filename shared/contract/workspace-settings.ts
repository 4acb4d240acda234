import { z } from 'zod';
import { MaintenanceWindows } from '../model/maintenance.ts';
import { DEFAULT_WAVES, MAX_PAUSE_SECONDS, Waves } from '../model/waves.ts';

export const MIN_CONFIRM_SECONDS = 5;
export const MAX_CONFIRM_SECONDS = 3600;

/** How often flows may be collected without anybody asking. */
export const COLLECT_EVERY_MINUTES = [5, 15, 60] as const;
export const CollectEvery = z.union(COLLECT_EVERY_MINUTES.map((minutes) => z.literal(minutes)));
export type CollectEvery = z.infer<typeof CollectEvery>;

/** For how many days what hosts recorded may be kept. Fewer than reports and proofs look back is not offered (100). */
export const KEEP_FLOW_DAYS = [120, 365, 730] as const;
export const KeepFlowDays = z.union(KEEP_FLOW_DAYS.map((days) => z.literal(days)));

/** What holds in a workspace unless a command says otherwise. */
export const WorkspaceSettings = z.strictObject({
  /** With how many seconds a push or a rollback begins. */
  confirmWithinSeconds: z.number().int().min(MIN_CONFIRM_SECONDS).max(MAX_CONFIRM_SECONDS),
  /** In which portions a push goes out; files from before there were any have none of these. */
  waves: Waves.default(DEFAULT_WAVES),
  /** Between two of them. */
  wavePauseSeconds: z.number().int().min(0).max(MAX_PAUSE_SECONDS).default(0),
  /** Whether a push leaves out hosts to which no connection comes about; without it, one of them stops it. */
  leaveAway: z.boolean().default(false),
  /** Whether an open window sends these what they missed, by itself, once they answer again. */
  deliverReturned: z.boolean().default(true),
  /** How often an open window collects from all hosts; null: only when somebody says so. */
  collectEveryMinutes: CollectEvery.nullable().default(null),
  /** For how long flows are kept, imported ones apart; null: all of them. */
  keepFlowDays: KeepFlowDays.nullable().default(null),
  /** When hosts may be pushed to; none: at any time. */
  maintenance: MaintenanceWindows.default([]),
});
export type WorkspaceSettings = z.infer<typeof WorkspaceSettings>;

/** A minute is enough for sixteen hosts over a slow link, and short for a host that was cut off. */
export const DEFAULT_SETTINGS: WorkspaceSettings = { confirmWithinSeconds: 60, waves: DEFAULT_WAVES, wavePauseSeconds: 0, leaveAway: false, deliverReturned: true, collectEveryMinutes: null, keepFlowDays: null, maintenance: [] };
