import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorkspace } from '../db/create-workspace.ts';
import { damageFile } from '../db/testing/damage-file.ts';
import { makeFolder } from '../db/testing/temporary-workspace.ts';
import { createClient } from '../rpc/client.ts';
import { createClosedPool } from './closed-pool.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { listRecentWorkspaces } from './recent-workspaces.ts';
import { addTestHost, TEST_NOW_MS } from './testing/test-backend.ts';
import { createDesk, type WorkspaceDesk } from './workspace-desk.ts';

let at: ReturnType<typeof makeFolder>;
let path = '';
let configDir = '';
const desks: WorkspaceDesk[] = [];
const children: ChildProcess[] = [];
beforeEach(() => {
  at = makeFolder();
  path = join(at.folder, 'first.firebreak');
  configDir = join(at.folder, 'config');
  createWorkspace(path);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const desk of desks.splice(0)) await desk.close();
  at.remove();
});

const sshPool = createClosedPool(() => new FirebreakError('ABORTED', { doing: 'a test that connects to nothing' }));
function openDesk(): WorkspaceDesk {
  const desk = createDesk({ workspacePath: path, user: 'ada', configDir, nowMs: () => TEST_NOW_MS, sshPool });
  desks.push(desk);
  return desk;
}
const call = (desk: WorkspaceDesk) => createClient(desk.backend);

/** A console of another process, which has the workspace open until `end`. */
async function startOtherConsole(): Promise<{ pid: number; end(): Promise<void> }> {
  const desk = new URL('./workspace-desk.ts', import.meta.url).href;
  const script = `import { createDesk } from ${JSON.stringify(desk)}; createDesk(${JSON.stringify({ workspacePath: path, user: 'bob', configDir })}); console.log('open'); setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return {
    pid: child.pid ?? 0,
    end: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('one window', () => {
  test('it changes to a new workspace, to another and back, and remembers them', async () => {
    const desk = openDesk();
    await addTestHost(call(desk), 1, 'web-1');
    const { path: made } = await call(desk).workspace.create({ path: 'second' });
    expect(made).toBe(join(at.folder, 'second.firebreak'));
    expect(await call(desk).workspace.info({})).toMatchObject({ path: made, hosts: 0, readOnly: false });
    await call(desk).workspace.open({ path });
    expect(await call(desk).workspace.info({})).toMatchObject({ path, hosts: 1, readOnly: false, sample: false });
    expect(listRecentWorkspaces(configDir).map((entry) => entry.path)).toEqual([path, made]);
  });

  test('a load of the page keeps the workspace that it began with until it ends', async () => {
    const desk = openDesk();
    const { backend, leave } = desk.visit();
    await createClient(backend).workspace.create({ path: 'second' });
    expect(await createClient(backend).workspace.info({})).toMatchObject({ path });
    leave();
    await expect.poll(() => createClient(backend).workspace.info({}).then(() => 'open', () => 'closed')).toBe('closed');
    expect(desk.visit().backend.workspace.path).toBe(join(at.folder, 'second.firebreak'));
  });

  test('what cannot be opened leaves the open one in place', async () => {
    const desk = openDesk();
    await expect(call(desk).workspace.open({ path: 'none.firebreak' })).rejects.toMatchObject({ code: 'WORKSPACE_NOT_FOUND' });
    await expect(call(desk).workspace.create({ path })).rejects.toMatchObject({ code: 'WORKSPACE_EXISTS' });
    expect(await call(desk).workspace.info({})).toMatchObject({ path, readOnly: false });
  });

  test('a file that was damaged while it was open can be left for another, or for its backup', async () => {
    const desk = openDesk();
    await addTestHost(call(desk), 1, 'db-1');
    const backup = join(at.folder, 'first.backup');
    await call(desk).workspace.backUp({ path: backup });
    damageFile(path);
    await expect(call(desk).hosts.list({})).rejects.toMatchObject({ code: 'WORKSPACE_DAMAGED' });
    const other = join(at.folder, 'other.firebreak');
    await call(desk).workspace.create({ path: other });
    damageFile(other);
    await expect(call(desk).workspace.restore({ backup, replace: false })).rejects.toMatchObject({ code: 'RESTORE_LOSES' });
    await call(desk).workspace.restore({ backup, replace: true });
    expect((await call(desk).hosts.list({})).map(({ name }) => name)).toEqual(['db-1']);
  });

  test('a copy is not held by whoever holds its original', { timeout: 60_000 }, async () => {
    const other = await startOtherConsole();
    const desk = openDesk();
    const copy = await call(desk).workspace.duplicate({ path: 'copy.firebreak' });
    await call(desk).workspace.open({ path: copy.path });
    expect(await call(desk).workspace.info({})).toMatchObject({ path: copy.path, readOnly: false });
    await other.end();
  });
});

describe('two windows', () => {
  test('the second only looks, says who holds it, and takes over when that console is gone', { timeout: 60_000 }, async () => {
    const other = await startOtherConsole();
    const desk = openDesk();
    const held = { code: 'WORKSPACE_HELD', data: expect.objectContaining({ user: 'bob', pid: other.pid }) };
    expect(await call(desk).workspace.info({})).toMatchObject({ readOnly: true, holder: { user: 'bob', pid: other.pid, isAlive: true } });
    expect(await call(desk).hosts.list({})).toEqual([]);
    await expect(addTestHost(call(desk), 1, 'web-1')).rejects.toMatchObject(held);
    await expect(call(desk).agents.collect({ hosts: { kind: 'all' } })).rejects.toMatchObject(held);
    await expect(call(desk).workspace.compact({})).rejects.toMatchObject(held);
    await expect(call(desk).workspace.takeOver({})).rejects.toMatchObject(held);
    await other.end();
    expect(await call(desk).workspace.info({})).toMatchObject({ readOnly: true, holder: { isAlive: false } });
    await call(desk).workspace.takeOver({});
    await addTestHost(call(desk), 1, 'web-1');
    expect(await call(desk).workspace.info({})).toMatchObject({ readOnly: false, holder: null, hosts: 1 });
  });

  test('a window that was closed leaves nothing behind', async () => {
    await openDesk().close();
    desks.pop();
    expect(await call(openDesk()).workspace.info({})).toMatchObject({ readOnly: false });
  });
});
