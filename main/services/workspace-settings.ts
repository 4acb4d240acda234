import type { WorkspaceSettings } from '../../shared/contract/workspace-settings.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { printMaintenance } from '../../shared/text/maintenance-text.ts';
import { formatWaves } from '../../shared/text/waves-text.ts';
import { loadSettings, saveSettings } from '../db/workspace-settings-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readBasePolicy, readDraft } from './draft.ts';
import { recordChange } from './record-change.ts';

export const readSettings = (ctx: BackendContext): WorkspaceSettings => loadSettings(ctx.workspace.read);

const settingsText = ({ confirmWithinSeconds, waves, wavePauseSeconds, leaveAway, deliverReturned, collectEveryMinutes, keepFlowDays, maintenance }: WorkspaceSettings): string =>
  [
    `confirm within ${confirmWithinSeconds} s`,
    `waves ${formatWaves(waves)}`,
    `${wavePauseSeconds} s between them`,
    `hosts that are away ${leaveAway ? 'are left out' : 'stop a push'}`,
    `${deliverReturned ? 'sent' : 'not sent'} by itself when they return`,
    `flows collected ${collectEveryMinutes === null ? 'when somebody says so' : `every ${collectEveryMinutes} min`}`,
    `flows kept ${keepFlowDays === null ? 'for ever' : `for ${keepFlowDays} days`}`,
    `maintenance windows ${maintenance.length === 0 ? 'none' : maintenance.map(printMaintenance).join(', ')}`,
  ].join(', ');

/** For everybody who opens the workspace, from the next command on. @throws NOT_FOUND for a new maintenance window of a zone that there is not */
export function changeSettings(ctx: BackendContext, settings: WorkspaceSettings): WorkspaceSettings {
  const before = readSettings(ctx);
  const known = new Set([...readDraft(ctx).policy.zones, ...readBasePolicy(ctx).zones].map(({ name }) => name));
  // One of a zone that was removed since may stay: it is about nobody.
  const unknown = settings.maintenance.find(({ zone }) => zone !== null && !known.has(zone) && !before.maintenance.some((window) => window.zone === zone));
  if (unknown !== undefined) throw new FirebreakError('NOT_FOUND', { what: 'zone', name: unknown.zone ?? '', known: [...known] });
  const detail = `${settingsText(settings)} (before: ${settingsText(before)})`;
  recordChange(ctx, { action: 'workspace.saveSettings', subject: 'settings', detail, groups: ['pushes'] }, (tx) => saveSettings(tx, settings));
  return settings;
}
