import { DEFAULT_SETTINGS, WorkspaceSettings } from '../../shared/contract/workspace-settings.ts';
import { findSetting, putSetting } from './setting-values.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const KEY = 'workspace-settings';

/** The defaults where nothing was stored yet. */
export function loadSettings(db: ReadDb): WorkspaceSettings {
  return findSetting(db, KEY, WorkspaceSettings) ?? DEFAULT_SETTINGS;
}

export function saveSettings(tx: WriteDb, settings: WorkspaceSettings): void {
  putSetting(tx, KEY, settings);
}
