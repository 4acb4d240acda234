import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { draftZone } from '../../e2e/main-job/lab-console.ts';
import { COLLECTION } from '../../shared/automation/ansible-collection.ts';
import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { AnsibleExported } from '../../shared/contract/automation.ts';
import { makeFolder } from '../db/testing/temporary-workspace.ts';
import { recordConsole, recordStatus } from './agent-record.ts';
import { createNewId } from './new-id.ts';
import { aStatus } from './testing/a-status.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
let folder: ReturnType<typeof makeFolder>;
let out: string;
beforeEach(async () => {
  at = makeBackend(undefined, createNewId());
  folder = makeFolder();
  out = join(folder.folder, 'export');
  await addTestHost(at.client, 1, 'web-1', 'app=shop');
  await addTestHost(at.client, 2, 'db-1', 'app=shop');
});
afterEach(async () => {
  await at.close();
  folder.remove();
});

type Change = { names?: string[]; consoles?: string[]; note?: string };
const exported = ({ names = ['web-1'], consoles = [], note = 'rules' }: Change = {}): Promise<AnsibleExported> => at.client.exports.ansible({ hosts: { kind: 'names', names }, note, folder: out, consoles });
const only = ({ hosts }: AnsibleExported): AnsibleExported['hosts'][number] => {
  const [order] = hosts;
  if (order === undefined) throw new Error('nothing was exported');
  return order;
};
const read = (path: string): string => readFileSync(join(out, path), 'utf8');
const said = (order: AnsibleExported['hosts'][number], change: Partial<AgentStatus> = {}): AgentStatus => {
  const nowS = at.clock.nowMs / 1000;
  return { ...aStatus(at.hostId('web-1')), clock: nowS, bundleSeq: order.seq, runningBundle: order.bundle, confirmedBundle: order.bundle, runningMode: order.mode, pinned: true, last: { id: order.push, event: 'confirmed', at: nowS }, ...change };
};
/** As the playbook does after it. */
const seal = (status: AgentStatus, order: AnsibleExported['hosts'][number]) =>
  spawnSync('python3', [join(out, COLLECTION, 'roles/host/files/seal_receipt.py'), join(out, 'kit'), join(out, 'receipts/web-1.tar.gz')], { encoding: 'utf8', input: JSON.stringify({ status: JSON.stringify(status), machine: `${'a'.repeat(32)} web-1`, push: order.push, host: status.hostId }) });
const pushes = async () => (await at.client.pushes.list({})).map(({ note, outcome, hosts }) => [note, outcome, hosts.map(({ step, detail }) => [step, detail])]);

describe('an export for Ansible', () => {
  test('has signed rules of each host with a number of its own, the agent, and how the hosts are reached; the kit’s key is outside the collection', async () => {
    const made = await exported({ names: ['web-1', 'db-1'] });
    expect(JSON.parse(read(`${COLLECTION}/hosts/web-1/order.json`))).toMatchObject({ name: 'web-1', host: at.hostId('web-1'), push: made.hosts.find(({ host }) => host === 'web-1')?.push, machine: null });
    expect(read(`${COLLECTION}/hosts/web-1/bundle.nft`)).toMatch(new RegExp(`^# host ${at.hostId('web-1')}\\n# seq \\d+$[\\s\\S]*BEGIN SSH SIGNATURE`, 'm'));
    expect(read('inventory.yml')).toContain('ansible_host: !unsafe "10.0.0.2"');
    expect(readdirSync(out).toSorted()).toEqual(['README.md', 'ansible.cfg', 'ansible_collections', 'inventory.yml', 'kit']);
    expect((await at.client.bundles.kits({})).map(({ id }) => id)).toEqual([made.kit]);
  });

  test('again into the same folder: the key stays, and the number rises', async () => {
    const [first, second] = [await exported(), await exported()];
    expect([second.kit, second.version, only(second).seq > only(first).seq]).toEqual([first.kit, first.version, true]);
    expect(await at.client.bundles.kits({})).toHaveLength(1);
  });

  test('refuses a folder that is something else, a host without SSH, and a selector that nobody matches; nothing is made', async () => {
    mkdirSync(out);
    writeFileSync(join(out, 'mine'), 'x');
    await expect(exported()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    rmSync(out, { recursive: true });
    await at.client.bundles.makeKit({ folder: out });
    await expect(exported()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await at.client.hosts.add({ name: 'plc', ssh: null, addresses: ['10.0.0.9'], labels: {}, note: '' });
    await expect(exported({ names: ['plc'] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await at.client.versions.list({})).toEqual([]);
  });

  test('a host that enforces and that no console would reach is refused, with the addresses of others; named ones are let in from then on', async () => {
    await draftZone(at.client, 'shop', 'app=shop', 'enforce');
    recordConsole(at.backend, at.hostId('db-1'), '10.0.0.200');
    await expect(exported()).rejects.toMatchObject({ data: { issues: [{ path: 'consoles', message: expect.stringContaining('others are reached from 10.0.0.200') }] } });
    await expect(exported({ consoles: ['gate'] })).rejects.toMatchObject({ data: { issues: [{ path: 'consoles' }] } });
    await exported({ consoles: ['10.0.0.7'] });
    expect(read(`${COLLECTION}/hosts/web-1/bundle.nft`)).toContain('# console 10.0.0.7\n');
    expect((await at.client.hosts.get({ name: 'web-1' })).consoleAddresses).toEqual(['10.0.0.7']);
  });

  test('of a folder that cannot be written, no order stays', async () => {
    await exported();
    rmSync(join(out, COLLECTION, 'hosts'), { recursive: true });
    writeFileSync(join(out, COLLECTION, 'hosts'), 'a file');
    await expect(exported()).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
    expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ action: 'bundles.exportFailed', subject: 'web-1' });
  });
});

describe('what became of it', () => {
  test('a receipt that the collection sealed is taken, and is a push that Ansible carried', async () => {
    const made = await exported();
    expect(seal(said(only(made)), only(made))).toMatchObject({ status: 0, stderr: '' });
    at.clock.nowMs += 60_000;
    const { receipts } = await at.client.bundles.receipts({ paths: [join(out, 'receipts')] });
    expect(receipts).toMatchObject([{ outcome: 'taken', host: 'web-1', step: 'confirmed', kit: made.kit }]);
    expect(await pushes()).toEqual([['Carried by Ansible: rules', 'confirmed', [['confirmed', expect.stringContaining(`signed receipt, ${made.kit}`)]]]]);
    expect(await at.client.hosts.get({ name: 'web-1' })).toMatchObject({ state: 'in-sync', appliedVersion: made.version });
  });

  test('the key is found out as wrong when the collection was not this workspace’s', async () => {
    const made = await exported();
    seal(said(only(made)), only(made));
    await at.client.bundles.forgetKit({ id: made.kit });
    expect((await at.client.bundles.receipts({ paths: [join(out, 'receipts')] })).receipts).toMatchObject([{ outcome: 'refused' }]);
    await expect(exported()).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('a status over SSH tells the same without a receipt, once', async () => {
    const order = only(await exported());
    for (let times = 0; times < 2; times += 1) recordStatus(at.backend, at.hostId('web-1'), said(order));
    expect(await pushes()).toEqual([['Carried by Ansible: rules', 'confirmed', [['confirmed', expect.stringContaining('read back over SSH')]]]]);
    expect(await at.client.hosts.get({ name: 'web-1' })).toMatchObject({ state: 'in-sync', appliedVersion: 1 });
    expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ action: 'bundles.settle', subject: 'web-1' });
  });

  test('taken back by the host is told as that; what still waits, what another number loaded, and another host’s answer tell nothing', async () => {
    await draftZone(at.client, 'shop', 'app=shop', 'test');
    const order = only(await exported({ consoles: ['10.0.0.7'] }));
    const observe = /^# hash ([0-9a-f]{64})$/m.exec(read(`${COLLECTION}/hosts/web-1/observe.nft`))?.[1] ?? '';
    const tell = (change: Partial<AgentStatus>) => recordStatus(at.backend, at.hostId('web-1'), said(order, change));
    tell({ pending: { id: order.push, by: 'ada', bundle: order.bundle, deadline: 0, secondsLeft: 9 }, confirmedBundle: observe, last: null });
    tell({ bundleSeq: order.seq + 1 });
    tell({ hostId: at.hostId('db-1') });
    tell({ runningBundle: observe, confirmedBundle: observe, last: { id: 'p_000000000000', event: 'confirmed', at: 1 } });
    expect(await pushes()).toEqual([]);
    tell({ runningBundle: observe, confirmedBundle: observe, last: { id: order.push, event: 'rolled-back-timeout', at: 1 } });
    expect(await pushes()).toEqual([['Carried by Ansible: rules', 'failed', [['rolled-back', expect.stringContaining('rolled-back-timeout')]]]]);
  });
});

test.skipIf(spawnSync('ansible-playbook', ['--version']).error !== undefined)('the collection is read by Ansible itself', async () => {
  await exported({ names: ['web-1', 'db-1'] });
  const names = ['push', 'rollback', 'receipts'].map((name) => `firebreak.policy.${name}`);
  const { status, stderr } = spawnSync('ansible-playbook', [...names, '--syntax-check'], { cwd: out, encoding: 'utf8', env: { ...process.env, ANSIBLE_CONFIG: join(out, 'ansible.cfg') } });
  expect([status, stderr.replaceAll(/^\[WARNING\].*\n?/gm, '')]).toEqual([0, '']);
  expect(existsSync(join(out, 'receipts'))).toBe(false);
}, 60_000);
