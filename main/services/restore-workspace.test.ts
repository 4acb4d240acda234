import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorkspace } from '../db/create-workspace.ts';
import { openWorkspace } from '../db/open-workspace.ts';
import { listHosts } from '../db/host-store.ts';
import { addTestHost, makeBackend, type TestBackend, TEST_NOW_MS } from './testing/test-backend.ts';
import { restoreWorkspace } from './restore-workspace.ts';
import { createBackend } from './backend.ts';
import { createClient } from '../rpc/client.ts';

let at: TestBackend;
let backup = '';
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1');
  backup = (await at.client.workspace.backUp({ path: null })).path;
});
afterEach(() => at.close());

const restore = (replace: boolean, from = backup) => restoreWorkspace({ path: at.path, backup: from, replace, user: 'ada', nowMs: TEST_NOW_MS });
const namesIn = (path: string): string[] => {
  const workspace = openWorkspace(path);
  try {
    return listHosts(workspace.read).map(({ name }) => name);
  } finally {
    workspace.close();
  }
};

test('a backup is named by its time and recorded', async () => {
  expect(backup).toBe(`${at.path}.20261121-120000.backup`);
  expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ action: 'workspace.backUp', subject: backup });
});

test('what would be lost is said first, and nothing is changed', async () => {
  await addTestHost(at.client, 2, 'web-2');
  const failed = restore(false);
  await expect(failed).rejects.toMatchObject({ code: 'RESTORE_LOSES', payload: { path: at.path, backup } });
  await failed.catch(({ payload }: { payload: { losses: string[] } }) => expect(payload.losses).toEqual(['2 changes since 2026-11-21 12:00 UTC (audit entries 2 to 3)', '1 host: web-2']));
  expect((await at.client.hosts.list({})).map(({ name }) => name)).toEqual(['web-1', 'web-2']);
  expect(readdirSync(join(at.path, '..')).filter((name) => name.includes('restore'))).toEqual([]);
});

test('with consent the content is exchanged, the former file is kept, and the chain of the audit log fits', async () => {
  await addTestHost(at.client, 2, 'web-2');
  const { keptAt, losses } = await restore(true);
  expect([keptAt, losses.length]).toEqual([`${at.path}.before-restore.20261121-120000`, 2]);
  expect(namesIn(keptAt ?? '')).toEqual(['web-1', 'web-2']);
  expect((await at.client.hosts.list({})).map(({ name }) => name)).toEqual(['web-1']);
  expect(await at.client.audit.verify({})).toEqual({ entries: 2, brokenAt: null });
  await addTestHost(at.client, 3, 'web-3');
  expect(namesIn(at.path)).toEqual(['web-1', 'web-3']);
});

test('a console that had the file open does not take its own former draft for the restored one', async () => {
  const zone = (name: string) => at.client.policy.addZone({ name, select: { include: [{ terms: [{ key: 'app', op: '=', values: [name] }] }], exclude: [] }, outbound: 'open', note: '' });
  await zone('one');
  const later = (await at.client.workspace.backUp({ path: 'later.backup' })).path;
  await zone('two');
  expect((await at.client.policy.get({})).policy.zones).toHaveLength(2);
  await restore(true, later);
  expect((await at.client.policy.get({})).policy.zones.map(({ name }) => name)).toEqual(['one']);
});

test('a backup of another workspace costs everything', async () => {
  const other = join(at.path, '..', 'other.firebreak');
  createWorkspace(other);
  const backend = createBackend({ workspacePath: other, user: 'bob', nowMs: () => TEST_NOW_MS });
  await addTestHost(createClient(backend), 9, 'far-1');
  await backend.close();
  await expect(restore(false, other)).rejects.toMatchObject({ payload: { losses: ['everything in it: the backup is of another workspace, as of 2026-11-21 12:00 UTC'] } });
});

test('a workspace that is gone or cannot be opened comes back', async () => {
  const lost = join(at.path, '..', 'lost.firebreak');
  expect(await restoreWorkspace({ path: lost, backup, replace: false, user: 'ada', nowMs: TEST_NOW_MS })).toMatchObject({ keptAt: null, losses: [] });
  expect(namesIn(lost)).toEqual(['web-1']);
  const broken = join(at.path, '..', 'broken.firebreak');
  writeFileSync(broken, 'no database at all');
  await expect(restoreWorkspace({ path: broken, backup, replace: false, user: 'ada', nowMs: TEST_NOW_MS })).rejects.toMatchObject({ code: 'RESTORE_LOSES' });
  const { keptAt } = await restoreWorkspace({ path: broken, backup, replace: true, user: 'ada', nowMs: TEST_NOW_MS });
  expect([namesIn(broken), existsSync(keptAt ?? '')]).toEqual([['web-1'], true]);
});

test('what is no backup is refused by its own name, and the workspace itself is none', async () => {
  const file = join(at.path, '..', 'notes.backup');
  writeFileSync(file, 'no database at all');
  await expect(restore(true, file)).rejects.toMatchObject({ code: 'WORKSPACE_NOT_A_DATABASE', payload: { path: file } });
  await expect(restore(true, join(at.path, '..', 'none'))).rejects.toMatchObject({ code: 'WORKSPACE_NOT_FOUND' });
  await expect(restore(true, at.path)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});
