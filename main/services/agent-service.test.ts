import { afterEach, expect, test } from 'vitest';
import { type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { startFakeSshd } from '../../e2e/fakehost/fake-sshd.ts';
import type { PerHost } from '../../shared/contract/contract.ts';
import { findHostPolicy } from '../db/bundle-store.ts';
import { addHostEvent } from '../db/host-event-store.ts';
import type { ProgressEvent } from './agent-many.ts';
import { collectFrom, installAgents, readStatuses, uninstallAgents } from './agent-service.ts';
import { getHost } from './find-host.ts';
import { listAudit } from './audit.ts';
import { storeEvents } from './host-events.ts';
import { getHostDetail, listHostViews } from './host-views.ts';
import { trustKey } from './host-trust.ts';
import { addHost } from './inventory.ts';
import { preparePlan } from './plan-service.ts';

let kit: PushKit;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await kit.close();
  for (const close of closers.splice(0)) await close();
});

async function resultOf(events: AsyncIterable<ProgressEvent>): Promise<PerHost[]> {
  for await (const event of events) if (event.type === 'done') return event.result.hosts;
  throw new Error('the stream ended without a result');
}

/** A host whose login answers every command with this, and keeps what it was told. */
async function addScriptedHost(name: string, reply: { exitCode: number; stdout: string; stderr?: string }): Promise<{ commands: readonly string[] }> {
  const sshd = await startFakeSshd({
    onExec: ({ channel }) => {
      channel.write(reply.stdout);
      channel.stderr.write(reply.stderr ?? '');
      channel.exit(reply.exitCode);
      channel.end();
    },
  });
  closers.push(sshd.close);
  const ssh = { address: '127.0.0.1', port: sshd.port, user: 'ops', identity: { kind: 'password' as const }, sudo: 'none' as const, jump: null };
  addHost(kit.backend, { name, ssh, addresses: [], labels: {}, note: '' });
  trustKey(kit.backend, name, sshd.hostKey, false);
  kit.backend.secrets.set(getHost(kit.backend, name).id, { sshPassword: 'any', sudoPassword: null });
  return sshd.log;
}

const only = (name: string) => ({ kind: 'names' as const, names: [name] });
const IPTABLES_TOOLS = ['iptables', 'ip6tables', 'iptables-restore', 'ip6tables-restore', 'iptables-save', 'ip6tables-save', 'ipset'];
const probeWith = (change: { uid?: string; lacks?: string; system?: string; more?: readonly string[] }) => {
  const tools = ['nft', 'awk', 'sed', 'grep', 'sort', 'comm', 'cmp', 'head', 'cut', 'tr', 'wc', 'sha256sum', 'gzip', 'flock', 'timeout', 'setsid', 'sync', 'mktemp', 'find', 'tar', 'ssh-keygen'].filter((tool) => tool !== change.lacks);
  return { exitCode: 0, stdout: ['firebreak-probe=1', `uid=${change.uid ?? '0'}`, `system=${change.system ?? 'Linux'}`, 'ssh=10.77.0.1 5 10.77.0.9 22', ...[...tools, ...(change.more ?? [])].map((tool) => `has=${tool}`), ''].join('\n') };
};

const unsuitable = [
  { what: 'has no nft', reply: probeWith({ lacks: 'nft' }), code: 'NFT_MISSING' },
  { what: 'has no nft and no ipset', reply: probeWith({ lacks: 'nft', more: IPTABLES_TOOLS.slice(0, -1) }), code: 'NFT_MISSING' },
  { what: 'lacks a tool', reply: probeWith({ lacks: 'flock' }), code: 'HOST_UNSUPPORTED' },
  { what: 'is not Linux', reply: probeWith({ system: 'FreeBSD' }), code: 'HOST_UNSUPPORTED' },
  { what: 'is not logged into as root', reply: probeWith({ uid: '1000' }), code: 'SUDO_REFUSED' },
  { what: 'gives no shell', reply: { exitCode: 127, stdout: '', stderr: 'This account is not available.' }, code: 'HOST_UNSUPPORTED' },
];
test.each(unsuitable)('a host that $what is refused before anything is written to it', async ({ reply, code }) => {
  kit = await startPushKit(0);
  const log = await addScriptedHost('odd-1', reply);
  const [result] = await resultOf(await installAgents(kit.backend, only('odd-1')));
  expect(result).toMatchObject({ hostName: 'odd-1', ok: false, error: { code } });
  expect(log.commands).toHaveLength(1);
  expect(listHostViews(kit.backend)[0]?.lastError?.code).toBe(code);
});

test('a host without nft is looked at further where iptables and ipset are there', async () => {
  kit = await startPushKit(0);
  const log = await addScriptedHost('old-1', probeWith({ lacks: 'nft', more: IPTABLES_TOOLS }));
  const [result] = await resultOf(await installAgents(kit.backend, only('old-1')));
  // What it answers to the closer look is no answer to that.
  expect([result?.ok, result?.error?.code === 'NFT_MISSING', log.commands.length]).toEqual([false, false, 2]);
});

test('an installed host records, is known by its facts, and has nothing to be pushed', async () => {
  kit = await startPushKit(1);
  const [view] = listHostViews(kit.backend);
  expect(view).toMatchObject({ state: 'in-sync', appliedMode: 'observe', addresses: ['10.77.0.11'], consoleAddresses: ['10.77.0.1'], lastError: null });
});

test('installing again repairs the files and keeps the confirmed policy', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  await kit.push();
  kit.host(0).machine.installed.clear();
  const [result] = await resultOf(await installAgents(kit.backend, { kind: 'all' }));
  expect(result).toMatchObject({ ok: true, text: expect.stringMatching(/is in place; enforce is loaded/) });
  expect(kit.host(0).machine.installed.size).toBeGreaterThan(10);
  expect(listHostViews(kit.backend)[0]).toMatchObject({ state: 'in-sync', appliedMode: 'enforce' });
});

test('files that are not what was sent are found by reading them back', async () => {
  kit = await startPushKit(1);
  const { machine } = kit.host(0);
  const install = machine.install.bind(machine);
  machine.install = (...input) => {
    machine.installed.set('/usr/local/lib/firebreak/lib/apply.sh', '0'.repeat(64));
    return install(...input);
  };
  const [result] = await resultOf(await installAgents(kit.backend, { kind: 'all' }));
  expect(result).toMatchObject({ ok: false, error: { code: 'AGENT_FAILED', title: expect.stringMatching(/not as sent: \/usr\/local\/lib\/firebreak\/lib\/apply\.sh\)?/) } });
});

test('one host that cannot be reached does not stop the others', async () => {
  kit = await startPushKit(3);
  await kit.host(1).sshd.close();
  const results = await resultOf(collectFrom(kit.backend, { kind: 'all' }));
  expect(results.map(({ hostName, ok, error }) => [hostName, ok, error?.code ?? null])).toEqual([
    ['host-1', true, null],
    ['host-2', false, 'HOST_UNREACHABLE'],
    ['host-3', true, null],
  ]);
  expect(listHostViews(kit.backend).map((view) => view.lastError?.code ?? null)).toEqual([null, 'HOST_UNREACHABLE', null]);
});

test('what a status says about tampering reaches people', async () => {
  kit = await startPushKit(1);
  kit.host(0).machine.agent?.tamper();
  expect((await resultOf(readStatuses(kit.backend, { kind: 'all' })))[0]?.text).toMatch(/THE RULES IN THE KERNEL WERE CHANGED/);
});

test('collecting has a tampered host put itself right, and keeps what it says about it once, in the audit log too', async () => {
  kit = await startPushKit(1);
  kit.host(0).machine.agent?.tamper();
  expect((await resultOf(readStatuses(kit.backend, { kind: 'all' })))[0]?.text).toMatch(/WERE CHANGED/);
  expect(listHostViews(kit.backend)[0]?.state).toBe('drifted');
  await resultOf(collectFrom(kit.backend, { kind: 'all' }));
  await resultOf(collectFrom(kit.backend, { kind: 'all' }));
  const { state, events } = getHostDetail(kit.backend, 'host-1');
  expect(state).toBe('in-sync');
  expect(events.map(({ text }) => text)).toEqual([expect.stringMatching(/^restored what=rules from=confirmed.nft bundle=/), 'tampered what=rules difference=somebody changed it process=unknown confidence=unknown']);
  const audited = listAudit(kit.backend, 10, null).filter(({ actor }) => actor === 'host:host-1');
  expect(audited.map(({ action, subject }) => [action, subject])).toEqual([['host.restored', 'host-1'], ['host.tampered', 'host-1']]);
});

test('events of a push are told by the next status, with the events that nobody understands left out', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  await kit.push();
  expect((await resultOf(readStatuses(kit.backend, { kind: 'all' })))[0]?.text).toMatch(/; applied push=p_.* by=ada bundle=\w+; confirmed push=p_/);
  const before = getHostDetail(kit.backend, 'host-1').events.length;
  const good = { v: 1, seq: 9_999_999_999, at: 1e300, event: 'Tampered <b>', fields: {} };
  storeEvents(kit.backend, getHost(kit.backend, 'host-1'), ['', 'garbage', '{"v":1}', JSON.stringify({ ...good, fields: { x: {} } }), JSON.stringify(good), JSON.stringify(good)], good.seq);
  expect(getHostDetail(kit.backend, 'host-1').events).toHaveLength(before + 1);
  expect(listAudit(kit.backend, 1, null)[0]).toMatchObject({ action: 'host.event', detail: 'Tampered <b> (at +275760-09-13T00:00:00.000Z by its clock)' });
});

test('a cursor above what the host has is dropped, and its events are told again', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  await kit.push();
  const host = getHost(kit.backend, 'host-1').id;
  kit.backend.workspace.transaction((tx) => addHostEvent(tx, host, { seq: Number.MAX_SAFE_INTEGER, atMs: 1, event: 'made-up', fields: {} }));
  expect((await resultOf(readStatuses(kit.backend, { kind: 'all' })))[0]?.text).toMatch(/; confirmed push=p_/);
  expect(getHostDetail(kit.backend, 'host-1').events.map(({ event }) => event)).not.toContain('made-up');
  expect((await resultOf(readStatuses(kit.backend, { kind: 'all' })))[0]?.text).not.toMatch(/confirmed push=/);
});

test('collecting stores the recorded connections once, however often it is done', async () => {
  kit = await startPushKit(2);
  const [web, db] = [kit.host(0).machine, kit.host(1).machine];
  for (let n = 0; n < 3; n += 1) {
    const packet = { source: web.spec.addresses[0] ?? '', destination: db.spec.addresses[0] ?? '', protocol: 'tcp' as const, port: 8080 };
    web.pass({ ...packet, direction: 'out', user: 'www-data', unit: 'nginx.service' });
    db.pass({ ...packet, direction: 'in', user: null, unit: null });
  }
  const texts = async () => (await resultOf(collectFrom(kit.backend, { kind: 'all' }))).map((result) => result.text);
  expect(await texts()).toEqual(['3 new connections from 1 snapshot', '3 new connections from 1 snapshot']);
  expect(await texts()).toEqual(['0 new connections from 1 snapshot', '0 new connections from 1 snapshot']);
});

test('uninstalling takes the agent away, and a host without one says so', async () => {
  kit = await startPushKit(1);
  expect(await resultOf(uninstallAgents(kit.backend, { kind: 'all' }))).toMatchObject([{ ok: true }]);
  expect(kit.host(0).machine.agent).toBeNull();
  expect(listHostViews(kit.backend)[0]).toMatchObject({ state: 'no-agent', appliedBundle: null });
  expect(findHostPolicy(kit.backend.workspace.read, getHost(kit.backend, 'host-1').id)).toBeUndefined();
  expect(await resultOf(readStatuses(kit.backend, { kind: 'all' }))).toMatchObject([{ ok: false, error: { code: 'AGENT_MISSING' } }]);
  expect(await resultOf(uninstallAgents(kit.backend, { kind: 'all' }))).toMatchObject([{ ok: true, text: 'there was no agent' }]);
});

test('uninstalling an enforcing host says that it is open from now on', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  await kit.push();
  expect(await resultOf(uninstallAgents(kit.backend, { kind: 'all' }))).toMatchObject([{ ok: true, text: expect.stringMatching(/enforced until now, and blocks nothing any more/) }]);
});

test('an agent of another workspace is neither reported on, pushed to, removed nor replaced, until it is taken over', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  await kit.push();
  const { machine } = kit.host(0);
  const ours = kit.host(0).status();
  if (machine.agent === null) throw new Error('the kit installs agents');
  const foreign = machine.install('h_other0000000', '0.1.0', machine.agent.running);
  for (const verb of [readStatuses, collectFrom, installAgents, uninstallAgents]) {
    expect(await resultOf(await verb(kit.backend, { kind: 'all' }))).toMatchObject([{ ok: false, error: { code: 'AGENT_NOT_OURS', hint: expect.stringContaining('--replace') } }]);
    expect(machine.agent).toBe(foreign);
  }
  expect(listHostViews(kit.backend)[0]?.state).toBe('drifted');
  const states = await kit.push();
  expect(states.at(-1)).toMatchObject({ outcome: 'failed', hosts: [{ step: 'failed', detail: expect.stringContaining('h_other0000000') }] });
  expect(await resultOf(await installAgents(kit.backend, { kind: 'all' }, { replace: true }))).toMatchObject([{ ok: true, text: expect.stringMatching(/installed; observe is loaded/) }]);
  expect(kit.host(0).status().hostId).toBe(ours.hostId);
  expect(listHostViews(kit.backend)[0]).toMatchObject({ state: 'behind', appliedMode: 'observe' });
});

test('an agent that is gone is not counted as enforcing, and its host is left out of the next push', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('enforce'));
  await kit.push();
  kit.host(0).machine.uninstall();
  expect(await resultOf(readStatuses(kit.backend, only('host-1')))).toMatchObject([{ ok: false, error: { code: 'AGENT_MISSING' } }]);
  expect(listHostViews(kit.backend).map((view) => view.state)).toEqual(['no-agent', 'in-sync']);
  expect(preparePlan(kit.backend, null).plan.warnings).toEqual([expect.stringMatching(/^Without an agent, and so left out: host-1$/)]);
});

test('a push that finds no agent says so, and knows it from then on', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).machine.uninstall();
  expect((await kit.push()).at(-1)).toMatchObject({ outcome: 'failed', hosts: [{ step: 'failed' }, { step: 'skipped' }] });
  expect(listHostViews(kit.backend)[0]?.state).toBe('no-agent');
  expect((await kit.push()).at(-1)).toMatchObject({ outcome: 'confirmed', hosts: [{ hostName: 'host-2', step: 'confirmed' }] });
});
