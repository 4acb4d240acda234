import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Lab, startLab } from '../lab/lab.ts';
import { draftZone, enrol, makeWorkspace, openConsole, ourRules } from './lab-console.ts';

const CONFIRM_WITHIN_SECONDS = 10;
let lab: Lab;
let workspace: ReturnType<typeof makeWorkspace>;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'one', role: 'plain' }, { name: 'two', role: 'plain' }] });
  workspace = makeWorkspace();
});
afterAll(async () => {
  await lab?.stop();
  workspace?.remove();
});

test('a backend killed between load and confirm tells on restart what each host did, and each host has rolled back', async () => {
  const first = openConsole(workspace.workspacePath);
  await enrol(first.client, lab.hosts, lab.sshKeyPath);
  await draftZone(first.client, 'base', 'app=base', 'enforce');
  await first.backend.close();
  const before = await Promise.all(lab.hosts.map(ourRules));

  const child = spawn(process.execPath, [new URL('./push-and-hang.ts', import.meta.url).pathname, workspace.workspacePath, String(CONFIRM_WITHIN_SECONDS), '2'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(child.stdout, 'data');
  expect(String(said).trim()).toBe('loaded');
  expect(await Promise.all(lab.hosts.map(ourRules))).not.toEqual(before);
  child.kill('SIGKILL');
  await once(child, 'exit');

  const second = openConsole(workspace.workspacePath);
  const [interrupted] = await second.client.pushes.reconcile({});
  expect(interrupted?.outcome).not.toBe('confirmed');
  await expect.poll(async () => (await second.client.pushes.reconcile({})).length, { timeout: 40_000, interval: 500 }).toBe(0);
  const [told] = await second.client.pushes.list({});
  expect(told?.hosts.map((host) => [host.hostName, host.step])).toEqual([['one', 'rolled-back'], ['two', 'rolled-back']]);
  expect(await Promise.all(lab.hosts.map(ourRules))).toEqual(before);
  await second.backend.close();
});
