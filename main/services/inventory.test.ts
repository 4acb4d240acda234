import { z } from 'zod';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { SshTarget } from '../../shared/model/host.ts';
import { saveFacts } from '../db/host-state-store.ts';
import { replaceDiscoveredAddresses } from '../db/host-address-store.ts';
import { listFleet } from './fleet.ts';
import { listDiscoveredAddresses } from './host-addresses.ts';
import { resolveTarget } from './ssh-targets.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
beforeEach(() => {
  at = makeBackend();
});
afterEach(() => at.close());

const ssh = (change: Partial<SshTarget> = {}): SshTarget => ({
  address: '10.0.0.1',
  port: 22,
  user: 'root',
  identity: { kind: 'agent' },
  sudo: 'none',
  jump: null,
  ...change,
});
const add = (name: string, target: SshTarget | null, addresses: string[] = []) => at.client.hosts.add({ name, ssh: target, addresses, labels: {}, note: '' });
const Named = z.object({ name: z.string() });
const KEY_A = { algorithm: 'ssh-ed25519', fingerprint: `SHA256:${'A'.repeat(43)}` };
const KEY_B = { algorithm: 'ssh-ed25519', fingerprint: `SHA256:${'B'.repeat(43)}` };
const names = async () => (await at.client.hosts.list({})).map((h) => h.name);
const audited = async () => (await at.client.audit.list({ limit: 100, beforeSeq: null })).map((e) => `${e.action} ${e.subject}`);

describe('adding a host', () => {
  test('audits who did it, in the same transaction', async () => {
    await add('web-1', ssh());
    expect(await at.client.audit.list({ limit: 10, beforeSeq: null })).toMatchObject([
      { actor: 'ada', action: 'hosts.add', subject: 'web-1', detail: 'root@10.0.0.1:22' },
    ]);
  });

  test('refuses a name that is there, and adds nothing', async () => {
    await add('web-1', ssh());
    await expect(add('web-1', ssh({ address: '10.0.0.2' }))).rejects.toMatchObject({ code: 'NAME_TAKEN', data: { what: 'host', name: 'web-1' } });
    expect(await names()).toEqual(['web-1']);
    expect(await audited()).toEqual(['hosts.add web-1']);
  });

  test.each<[string, SshTarget | null, string[], string]>([
    ['the same SSH address and port', ssh(), [], '10.0.0.1'],
    ['an address that another host has by hand', ssh({ address: '10.0.0.9' }), ['fd00:0::1'], 'fd00::1'],
    ['an unmanaged host on a managed host’s address', null, ['10.0.0.1'], '10.0.0.1'],
    ['the same DNS name', ssh({ address: 'Web.Example.org' }), [], 'Web.Example.org port 22'],
  ])('refuses %s', async (_what, target, addresses, taken) => {
    await add('web-1', ssh(), ['fd00::1']);
    await add('web-2', ssh({ address: 'web.example.org' }));
    await expect(add('web-3', target, addresses)).rejects.toMatchObject({ code: 'ADDRESS_TAKEN', data: { address: taken } });
    expect(await names()).toEqual(['web-1', 'web-2']);
  });

  test('takes two hosts on one loopback address behind different ports', async () => {
    await add('web-1', ssh({ address: '127.0.0.1', port: 2201 }));
    await add('web-2', ssh({ address: '127.0.0.1', port: 2202 }));
    expect((await at.client.hosts.list({})).map((h) => h.addresses)).toEqual([[], []]);
  });

  test('reports every bad address at once, and what an unmanaged host lacks', async () => {
    await expect(add('x', null, ['10.0.0.300', 'fe80::1%eth0'])).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'addresses.0' }, { path: 'addresses.1' }] },
    });
    await expect(add('x', null)).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path: 'addresses' }] } });
  });

  test('refuses a jump host that is not there or cannot be reached by SSH', async () => {
    await add('legacy', null, ['10.0.0.9']);
    await expect(add('web-1', ssh({ jump: 'nowhere' }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(add('web-1', ssh({ jump: 'legacy' }))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('resolves a chain of jump hosts, each with its own keys', async () => {
    await add('j1', ssh({ address: '10.0.0.7' }));
    await add('j2', ssh({ address: '10.0.0.8', jump: 'j1' }));
    await add('web-1', ssh({ jump: 'j2' }));
    await at.client.hosts.trust({ name: 'j1', key: KEY_A, replace: false });
    expect(resolveTarget(at.backend, 'web-1')).toMatchObject({
      hostName: 'web-1',
      jump: { hostName: 'j2', pinnedKeys: [], jump: { hostName: 'j1', pinnedKeys: [KEY_A], jump: null } },
    });
  });
});

describe('labels', () => {
  test('are added, changed and removed', async () => {
    await addTestHost(at.client, 1, 'web-1', 'role=web app=shop');
    const view = await at.client.hosts.label({ name: 'web-1', labels: { role: 'lb', app: null, env: 'prod' } });
    expect(view.labels).toEqual({ role: 'lb', env: 'prod' });
  });

  test('that cannot be are reported all at once, and none is stored', async () => {
    await addTestHost(at.client, 1, 'web-1', 'role=web');
    await expect(at.client.hosts.label({ name: 'web-1', labels: { 'Bad Key': 'x', env: 'no spaces', role: 'lb' } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'labels.Bad Key' }, { path: 'labels.env' }] },
    });
    expect((await at.client.hosts.get({ name: 'web-1' })).labels).toEqual({ role: 'web' });
  });
});

describe('removing a host', () => {
  test('is refused while rules or other hosts name it', async () => {
    await add('web-1', ssh());
    await add('web-2', ssh({ address: '10.0.0.2', jump: 'web-1' }));
    await expect(at.client.hosts.remove({ name: 'web-1', force: true })).rejects.toMatchObject({
      code: 'STILL_USED',
      data: { usedBy: ['host web-2 (jump host)'] },
    });
    await at.client.hosts.remove({ name: 'web-2', force: false });
    await at.client.hosts.remove({ name: 'web-1', force: false });
    expect(await names()).toEqual([]);
    expect(await audited()).toContain('hosts.remove web-1');
  });
});

describe('host keys', () => {
  test('another key than the pinned one is refused, unless it is to replace it', async () => {
    await add('web-1', ssh());
    await at.client.hosts.trust({ name: 'web-1', key: KEY_A, replace: false });
    await expect(at.client.hosts.trust({ name: 'web-1', key: KEY_B, replace: false })).rejects.toMatchObject({
      code: 'HOST_KEY_CHANGED',
      data: { pinned: KEY_A.fingerprint, presented: KEY_B.fingerprint },
    });
    expect((await at.client.hosts.get({ name: 'web-1' })).pinnedKeys).toEqual([KEY_A]);
    const view = await at.client.hosts.trust({ name: 'web-1', key: KEY_B, replace: true });
    expect(view.pinnedKeys).toEqual([KEY_B]);
    expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]?.detail).toContain(KEY_A.fingerprint);
  });

  test('passwords are nowhere in the workspace file', async () => {
    await add('web-1', ssh());
    await at.client.hosts.unlock({ name: 'web-1', sshPassword: 'hunter2-ssh', sudoPassword: 'hunter2-sudo' });
    expect(resolveTarget(at.backend, 'web-1').secrets()).toEqual({ sshPassword: 'hunter2-ssh', sudoPassword: 'hunter2-sudo' });
    const tables = at.backend.workspace.read
      .all("SELECT name FROM sqlite_master WHERE type = 'table'")
      .flatMap((t) => at.backend.workspace.read.all(`SELECT * FROM "${Named.parse(t).name}"`));
    expect(JSON.stringify(tables)).not.toContain('hunter2');
  });
});

describe('addresses of the fleet', () => {
  const facts = (addresses: [string, string][]): AgentFacts => ({
    v: 1,
    hostname: 'x',
    machineId: '',
    bootId: '',
    clock: 0,
    os: { id: '', version: '', name: '' },
    kernel: '',
    arch: '',
    nftVersion: '',
    shell: '',
    systemd: true,
    addresses: addresses.map(([name, address]) => ({ interface: name, family: address.includes(':') ? 6 : 4, address, prefix: 24, scope: 'global' })),
    ssh: { clientAddress: '10.9.9.9', serverAddress: '10.0.0.1', serverPort: 2222 },
    resolvers: ['10.0.0.53', 'dns.example'],
    timeServers: ['0.pool.ntp.org'],
    listening: [],
    firewalls: [],
    features: {},
    timers: [],
  });
  const learn = (name: string, addresses: [string, string][]) =>
    at.backend.workspace.transaction((tx) => {
      saveFacts(tx, at.hostId(name), facts(addresses), 1);
      replaceDiscoveredAddresses(tx, at.hostId(name), listDiscoveredAddresses(facts(addresses)), 0);
    });
  const addressesOf = (name: string) => listFleet(at.backend).find((h) => h.name === name)?.addresses;

  test('are the SSH address until facts are there, and those of the facts afterwards', async () => {
    await add('web-1', ssh({ address: '192.0.2.1' }));
    expect(addressesOf('web-1')).toEqual(['192.0.2.1']);
    learn('web-1', [
      ['eth0', '10.0.0.1'],
      ['eth0', 'FD00::0:1'],
      ['lo', '127.0.0.1'],
      ['eth0', 'fe80::1'],
      ['docker0', '172.17.0.1'],
    ]);
    expect(addressesOf('web-1')).toEqual(['10.0.0.1', 'fd00::1']);
  });

  test('that two hosts report stand for neither, unless one has it by hand', async () => {
    await add('web-1', ssh());
    await add('web-2', ssh({ address: '10.0.0.2' }));
    await add('vip', null, ['10.0.0.200']);
    learn('web-1', [
      ['eth0', '10.0.0.1'],
      ['eth0', '10.0.0.100'],
      ['eth0', '10.0.0.200'],
    ]);
    learn('web-2', [
      ['eth0', '10.0.0.2'],
      ['eth0', '10.0.0.100'],
    ]);
    expect(['web-1', 'web-2', 'vip'].map(addressesOf)).toEqual([['10.0.0.1'], ['10.0.0.2'], ['10.0.0.200']]);
  });

  test('the management port is the one that the host sees, and only addresses are resolvers', async () => {
    await add('web-1', ssh());
    learn('web-1', [['eth0', '10.0.0.1']]);
    expect(listFleet(at.backend)[0]).toMatchObject({ management: { sshPort: 2222 }, resolvers: ['10.0.0.53'], timeServers: [] });
  });
});
