import { z } from 'zod';

export const MIN_CONFIRM_SECONDS = 5;
export const MAX_CONFIRM_SECONDS = 3600;

/** What holds in a workspace unless a command says otherwise. */
export const WorkspaceSettings = z.strictObject({
  /** With how many seconds a push or a rollback begins. */
  confirmWithinSeconds: z.number().int().min(MIN_CONFIRM_SECONDS).max(MAX_CONFIRM_SECONDS),
});
export type WorkspaceSettings = z.infer<typeof WorkspaceSettings>;

/** A minute is enough for sixteen hosts over a slow link, and short for a host that was cut off. */
export const DEFAULT_SETTINGS: WorkspaceSettings = { confirmWithinSeconds: 60 };
