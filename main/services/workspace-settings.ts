import type { WorkspaceSettings } from '../../shared/contract/workspace-settings.ts';
import { formatWaves } from '../../shared/text/waves-text.ts';
import { loadSettings, saveSettings } from '../db/workspace-settings-store.ts';
import type { BackendContext } from './backend-context.ts';
import { recordChange } from './record-change.ts';

export const readSettings = (ctx: BackendContext): WorkspaceSettings => loadSettings(ctx.workspace.read);

const settingsText = ({ confirmWithinSeconds, waves, wavePauseSeconds }: WorkspaceSettings): string => `confirm within ${confirmWithinSeconds} s, waves ${formatWaves(waves)}, ${wavePauseSeconds} s between them`;

/** For everybody who opens the workspace, from the next command on. */
export function changeSettings(ctx: BackendContext, settings: WorkspaceSettings): WorkspaceSettings {
  const detail = `${settingsText(settings)} (before: ${settingsText(readSettings(ctx))})`;
  recordChange(ctx, { action: 'workspace.saveSettings', subject: 'settings', detail, groups: [] }, (tx) => saveSettings(tx, settings));
  return settings;
}
