import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/contract/workspace-settings.ts';
import { saveSettings } from '../db/workspace-settings-store.ts';
import { makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
beforeEach(() => {
  at = makeBackend();
});
afterEach(() => at.close());

test('a workspace begins with the defaults, keeps what is chosen, and records who chose it', async () => {
  expect(await at.client.workspace.settings({})).toEqual(DEFAULT_SETTINGS);
  await at.client.workspace.saveSettings({ confirmWithinSeconds: 120, waves: [{ hosts: 5 }], wavePauseSeconds: 60 });
  expect(await at.client.workspace.settings({})).toEqual({ ...DEFAULT_SETTINGS, confirmWithinSeconds: 120, waves: [{ hosts: 5 }], wavePauseSeconds: 60 });
  expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ actor: 'ada', action: 'workspace.saveSettings', detail: expect.stringMatching(/^confirm within 120 s, waves 5, 60 s between them.* \(before: confirm within 60 s, waves 1, 10%, 0 s between them/) });
});

test('what a version without waves stored is read with the usual ones', async () => {
  at.backend.workspace.transaction((tx) => saveSettings(tx, { confirmWithinSeconds: 90 } as never));
  expect(await at.client.workspace.settings({})).toEqual({ ...DEFAULT_SETTINGS, confirmWithinSeconds: 90 });
});

test('a window that no host would take is refused', async () => {
  await expect(at.client.workspace.saveSettings({ confirmWithinSeconds: 4 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(await at.client.workspace.settings({})).toEqual(DEFAULT_SETTINGS);
});
