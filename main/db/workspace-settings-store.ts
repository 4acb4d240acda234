import { z } from 'zod';
import { DEFAULT_SETTINGS, WorkspaceSettings } from '../../shared/contract/workspace-settings.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const KEY = 'workspace-settings';
const Row = z.object({ value_json: z.string() });

/** The defaults where nothing was stored yet. */
export function loadSettings(db: ReadDb): WorkspaceSettings {
  const row = db.one('SELECT value_json FROM settings WHERE key = ?', [KEY]);
  return row === undefined ? DEFAULT_SETTINGS : WorkspaceSettings.parse(JSON.parse(Row.parse(row).value_json));
}

export function saveSettings(tx: WriteDb, settings: WorkspaceSettings): void {
  tx.run('INSERT INTO settings (key, value_json) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value_json = excluded.value_json', [KEY, JSON.stringify(settings)]);
}
