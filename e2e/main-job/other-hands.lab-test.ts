import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import { draftZone, enrol, makeWorkspace, openConsole, ourRules, push } from './lab-console.ts';

/** What other people and other programs do to a host that enforces our rules. */
let lab: Lab;
let host: LabHost;
let workspace: ReturnType<typeof makeWorkspace>;
beforeAll(async () => {
  lab = await startLab({ hosts: [{ name: 'one', role: 'plain' }] });
  host = lab.host('one');
  workspace = makeWorkspace();
  const { client, backend } = openConsole(workspace.workspacePath);
  await enrol(client, lab.hosts, lab.sshKeyPath);
  await draftZone(client, 'base', 'app=base', 'enforce');
  expect((await push(client, 20)).outcome).toBe('confirmed');
  await backend.close();
});
afterAll(async () => {
  await lab?.stop();
  workspace?.remove();
});

describe('whoever flushes everything through nftables.service gets our rules back after it', () => {
  // In this order: the unit is not active on a fresh Debian host, so that each verb finds it in another state.
  test.each(['start', 'reload', 'restart', 'stop and start', 'reload'])('%s', async (verbs) => {
    const before = await ourRules(host);
    for (const verb of verbs.split(' and ')) await host.run(['systemctl', verb, 'nftables.service']);
    await expect.poll(() => ourRules(host).catch(() => 'no table of ours'), { timeout: 20_000, interval: 200 }).toBe(before);
  });
});
