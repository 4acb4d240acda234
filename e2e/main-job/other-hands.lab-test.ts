import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabHost } from '../lab/host.ts';
import { type Lab, startLab } from '../lab/lab.ts';
import type { BackendClient } from '../../main/rpc/client.ts';
import { draftZone, enrol, makeWorkspace, openConsole, ourRules, overAll, push } from './lab-console.ts';

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

const resultOf = async (client: BackendClient, verb: 'install' | 'status' | 'uninstall', input: { replace?: boolean } = {}) => {
  for await (const event of await client.agents[verb]({ hosts: { kind: 'all' }, ...input })) if (event.type === 'done') return event.result.hosts[0];
  throw new Error('the stream ended without a result');
};

test('the console of another workspace can neither remove nor replace our agent by accident; taking it over is said by both', async () => {
  const before = await ourRules(host);
  const theirs = makeWorkspace();
  const other = openConsole(theirs.workspacePath);
  const ssh = { address: host.ipv4, port: 22, user: 'root', identity: { kind: 'key-file' as const, keyPath: lab.sshKeyPath }, sudo: 'none' as const, jump: null };
  await other.client.hosts.add({ name: 'their-one', ssh, addresses: [], labels: {}, note: '' });
  await other.client.hosts.trust({ name: 'their-one', key: (await other.client.hosts.showKey({ name: 'their-one' })).presented, replace: false });
  for (const verb of ['status', 'uninstall', 'install'] as const) expect(await resultOf(other.client, verb)).toMatchObject({ ok: false, error: { code: 'AGENT_NOT_OURS' } });
  expect(await ourRules(host)).toBe(before);

  expect(await resultOf(other.client, 'install', { replace: true })).toMatchObject({ ok: true, text: expect.stringMatching(/observe is loaded/) });
  const { client, backend } = openConsole(workspace.workspacePath);
  expect(await resultOf(client, 'status')).toMatchObject({ ok: false, error: { code: 'AGENT_NOT_OURS' } });
  expect(await client.hosts.list({})).toMatchObject([{ name: 'one', state: 'drifted' }]);
  await overAll(other.client, 'uninstall');
  await other.backend.close();
  theirs.remove();
  expect(await resultOf(client, 'status')).toMatchObject({ ok: false, error: { code: 'AGENT_MISSING' } });
  expect(await client.hosts.list({})).toMatchObject([{ name: 'one', state: 'no-agent' }]);
  await overAll(client, 'install');
  expect((await push(client, 20)).outcome).toBe('confirmed');
  expect(await ourRules(host)).toBe(before);
  await backend.close();
});
