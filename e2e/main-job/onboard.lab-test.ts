import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BackendClient } from '../../main/rpc/client.ts';
import { runFirebreak } from '../../main/cli/testing/run-firebreak.ts';
import type { Backend } from '../../main/services/backend.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { makeWorkspace, openConsole, ourRules } from './lab-console.ts';

let lab: Lab;
let workspace: ReturnType<typeof makeWorkspace>;
let open: { client: BackendClient; backend: Backend };
let folder: string;
beforeAll(async () => {
  lab = await startLab({ hosts: ['one', 'two', 'three', 'four', 'five'].map((name) => ({ name, role: 'plain' as const })) });
  workspace = makeWorkspace();
  open = openConsole(workspace.workspacePath);
  folder = mkdtempSync(join(tmpdir(), 'firebreak-keys-'));
});
afterAll(async () => {
  await open?.backend.close();
  await lab?.stop();
  workspace?.remove();
  if (folder !== undefined) rmSync(folder, { recursive: true });
});

const firebreak = (...argv: string[]) => runFirebreak({ path: workspace.workspacePath, client: open.client }, argv);

test('five real hosts whose keys ssh-keyscan collected are onboarded by one command, and a second one finds nothing to do; ssh goes by the keys that are exported', async () => {
  const list = join(folder, 'keys');
  writeFileSync(list, execFileSync('ssh-keyscan', ['-H', ...lab.hosts.map(({ ipv4 }) => ipv4)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  for (const host of lab.hosts) await firebreak('host', 'add', host.name, '--address', `root@${host.ipv4}`, '--identity', lab.sshKeyPath);
  const first = await firebreak('onboard', '--all', '--keys', list);
  expect(first).toMatchObject({ code: 0, out: expect.stringMatching(/^5 hosts: 5 onboarded\./) });
  for (const host of lab.hosts) expect(await ourRules(host)).toContain('table inet firebreak');
  expect((await open.client.hosts.list({})).map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'in-sync'));
  expect((await firebreak('onboard', '--all')).out).toMatch(/^5 hosts: 5 done before\./);
  const exported = join(folder, 'known_hosts');
  expect(await firebreak('host', 'keys', 'export', exported)).toMatchObject({ code: 0 });
  const [host] = lab.hosts;
  const options = ['-F', 'none', '-o', `UserKnownHostsFile=${exported}`, '-o', 'GlobalKnownHostsFile=none', '-o', 'StrictHostKeyChecking=yes', '-o', 'BatchMode=yes', '-i', lab.sshKeyPath];
  expect(execFileSync('ssh', [...options, `root@${host?.ipv4 ?? ''}`, 'echo', 'is', 'it'], { encoding: 'utf8' })).toBe('is it\n');
});
