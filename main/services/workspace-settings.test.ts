import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
beforeEach(() => {
  at = makeBackend();
});
afterEach(() => at.close());

test('a workspace begins with the defaults, keeps what is chosen, and records who chose it', async () => {
  expect(await at.client.workspace.settings({})).toEqual({ confirmWithinSeconds: 60 });
  await at.client.workspace.saveSettings({ confirmWithinSeconds: 120 });
  expect(await at.client.workspace.settings({})).toEqual({ confirmWithinSeconds: 120 });
  expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ actor: 'ada', action: 'workspace.saveSettings', detail: 'confirm within 120 s (before: 60 s)' });
});

test('a window that no host would take is refused', async () => {
  await expect(at.client.workspace.saveSettings({ confirmWithinSeconds: 4 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  expect(await at.client.workspace.settings({})).toEqual({ confirmWithinSeconds: 60 });
});
