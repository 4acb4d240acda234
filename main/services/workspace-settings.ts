import type { WorkspaceSettings } from '../../shared/contract/workspace-settings.ts';
import { loadSettings, saveSettings } from '../db/workspace-settings-store.ts';
import type { BackendContext } from './backend-context.ts';
import { recordChange } from './record-change.ts';

export const readSettings = (ctx: BackendContext): WorkspaceSettings => loadSettings(ctx.workspace.read);

/** For everybody who opens the workspace, from the next command on. */
export function changeSettings(ctx: BackendContext, settings: WorkspaceSettings): WorkspaceSettings {
  const detail = `confirm within ${settings.confirmWithinSeconds} s (before: ${readSettings(ctx).confirmWithinSeconds} s)`;
  recordChange(ctx, { action: 'workspace.saveSettings', subject: 'settings', detail, groups: [] }, (tx) => saveSettings(tx, settings));
  return settings;
}
