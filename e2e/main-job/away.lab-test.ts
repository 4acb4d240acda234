import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliverReturned } from '../../main/services/deliver-returned.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { draftZone, enrol, makeWorkspace, openConsole } from './lab-console.ts';

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

test('a host whose sshd is stopped is left out of a push, keeps its rules, and is sent what it missed once sshd runs again', async () => {
  const before = openConsole(workspace.workspacePath);
  await enrol(before.client, lab.hosts, lab.sshKeyPath);
  await draftZone(before.client, 'all', 'role=plain', 'test');
  // What is open outlives sshd, and a push over it would find out at its proof.
  await before.backend.close();
  const { client, backend } = openConsole(workspace.workspacePath);
  const two = lab.host('two');
  await two.run('systemctl stop ssh.socket ssh.service');
  const rules = () => two.run('nft -s list table inet firebreak | grep -v counter | sha256sum');
  const former = await rules();
  const { hash: planHash } = await client.pushes.plan({ zone: null });
  const push = (await Array.fromAsync(await client.pushes.start({ planHash, zone: null, note: '', confirmWithinSeconds: 60, leaveAway: true }))).at(-1);
  expect([push?.outcome, push?.hosts.map(({ hostName, step }) => `${hostName} ${step}`)]).toEqual(['confirmed', ['one confirmed', 'two away']]);
  expect(await rules()).toBe(former);
  // The window's look, which a loop of 15 s does.
  expect(await deliverReturned(backend, new Map())).toBeNull();
  await two.run('systemctl start ssh.service');
  const delivered = await deliverReturned(backend, new Map());
  if (delivered === null) throw new Error('nothing was delivered');
  expect((await Array.fromAsync(delivered)).at(-1)).toMatchObject({ outcome: 'confirmed', hosts: [{ hostName: 'two', step: 'confirmed' }] });
  expect(await rules()).not.toBe(former);
  expect([await client.pushes.waiting({}), (await client.hosts.list({})).map(({ appliedMode }) => appliedMode)]).toEqual([[], ['test', 'test']]);
  await backend.close();
});
