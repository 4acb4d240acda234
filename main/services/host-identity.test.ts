import { afterEach, expect, test } from 'vitest';
import { type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import type { PerHost } from '../../shared/contract/contract.ts';
import { HostName } from '../../shared/model/names.ts';
import { listAudit } from './audit.ts';
import type { ProgressEvent } from './agent-many.ts';
import { collectFrom, installAgents } from './agent-service.ts';
import { planContainment } from './containment-service.ts';
import { getHost } from './find-host.ts';
import { showKey, trustKey } from './host-trust.ts';
import { readTimeline } from './host-timeline.ts';
import { getHostDetail, getHostView } from './host-views.ts';
import { listHostStandings } from './host-standing.ts';
import { listAttention } from './overview-attention.ts';
import { preparePlan } from './plan-service.ts';
import { startRollback } from './rollback-service.ts';

let kit: PushKit;
afterEach(() => kit.close());

async function resultOf(events: AsyncIterable<ProgressEvent>): Promise<PerHost[]> {
  for await (const event of events) if (event.type === 'done') return event.result.hosts;
  throw new Error('the stream ended without a result');
}
const collect = () => resultOf(collectFrom(kit.backend, { kind: 'all' }));
const install = async () => resultOf(await installAgents(kit.backend, { kind: 'all' }));
const plan = () => preparePlan(kit.backend, null).plan;
const warningsOf = (name: string) => getHostView(kit.backend, name).warnings;
const codesOf = (name: string) => warningsOf(name).map(({ code }) => code);
const attention = () => listAttention({ nowMs: kit.clock.nowMs, hosts: listHostStandings(kit.backend), alerts: [], pushes: [], policy: aShop('observe'), draftChanged: false }).map(({ code, names }) => [code, names]);
const OTHER = 'f'.repeat(32);
const machineIdOf = (index: number) => kit.host(index).machine.machineId;

async function accept(name: string): Promise<void> {
  const { presented } = await showKey(kit.backend, name);
  trustKey(kit.backend, name, presented, true);
}

async function pushed(count: number): Promise<void> {
  kit = await startPushKit(count);
  kit.setPolicy(aShop('enforce'));
  expect((await kit.push()).at(-1)?.outcome).toBe('confirmed');
}

test('a host that is the machine that it was has nothing said of it', async () => {
  kit = await startPushKit(2);
  await collect();
  expect([codesOf('host-1'), codesOf('host-2'), attention()]).toEqual([[], [], [['NO_ZONE', ['host-1', 'host-2']]]]);
  expect(getHostDetail(kit.backend, 'host-1').machines).toEqual([{ machineId: machineIdOf(0), standing: 'current', firstSeenAtMs: kit.clock.nowMs, lastSeenAtMs: kit.clock.nowMs }]);
});

test('a machine id that two hosts have makes each the clone of the other, everywhere, until one has another that was accepted', async () => {
  await pushed(3);
  await accept('host-2');
  kit.host(1).machine.machineId = machineIdOf(0);
  await collect();
  expect([codesOf('host-1'), codesOf('host-2'), codesOf('host-3')]).toEqual([['CLONE'], ['CLONE'], []]);
  expect(warningsOf('host-2')[0]?.text).toMatch(/^It has the machine id of host-1 \(\w{12}\): one is a clone of the other\..*systemd-machine-id-setup/);
  expect(attention()).toContainEqual(['HOST_CLONED', ['host-1', 'host-2']]);
  expect(plan().warnings).toContainEqual(expect.stringMatching(/^Clones of each other by their machine id \(\w{12}\): host-1, host-2;/));
  kit.host(1).machine.machineId = OTHER;
  expect((await collect()).map(({ ok }) => ok)).toEqual([true, false, true]);
  await accept('host-2');
  await collect();
  expect([codesOf('host-1'), codesOf('host-2')]).toEqual([[], []]);
});

test('a host whose disk was copied with its agent on it is known by that, and what is there is not pushed to', async () => {
  await pushed(2);
  const copied = kit.host(0).machine.agent;
  if (copied === null) throw new Error('host-1 has an agent');
  kit.host(1).machine.agent = copied;
  await collect();
  expect(warningsOf('host-2')).toContainEqual({ code: 'CLONED_AGENT', text: expect.stringMatching(/^The agent there is that of host-1:.*firebreak agent install host-2 --replace/) });
  expect(warningsOf('host-1')).toEqual([{ code: 'CLONED_AGENT', text: expect.stringMatching(/^Its agent also answers on host-2,/) }]);
  expect(plan().warnings).toContainEqual(expect.stringMatching(/^The agent on host-2 is that of host-1,/));
  kit.setPolicy(aShop('test'));
  const before = kit.host(1).commands.length;
  expect((await kit.push()).at(-1)).toMatchObject({ outcome: 'failed', hosts: expect.arrayContaining([expect.objectContaining({ hostName: 'host-2', step: 'failed', detail: expect.stringMatching(/whose disk was copied/) })]) });
  expect(kit.host(1).commands.slice(before)).toEqual(['status']);
});

test('another machine at the address of a host is taken for nothing and sent nothing, until somebody says that it is the host', async () => {
  await pushed(2);
  const former = machineIdOf(1);
  const addresses = getHostView(kit.backend, 'host-2').addresses;
  Object.assign(kit.host(1).machine, { machineId: OTHER, addresses: ['10.77.0.99'] });
  kit.clock.nowMs += 3_600_000;
  expect((await collect())[1]).toMatchObject({ ok: false, error: { code: 'HOST_REBUILT', hint: expect.stringMatching(/firebreak host trust host-2 --replace; then: firebreak agent install host-2/) } });
  expect(getHostView(kit.backend, 'host-2')).toMatchObject({ addresses, lastError: { code: 'HOST_REBUILT' }, warnings: [{ code: 'REBUILT', text: expect.stringMatching(/since 2026-11-21 01:00Z \(machine id f{12}, before/) }] });
  expect(attention()).toContainEqual(['HOST_REBUILT', ['host-2']]);
  kit.setPolicy(aShop('test'));
  expect(plan()).toMatchObject({ hosts: [{ hostName: 'host-1' }], warnings: expect.arrayContaining([expect.stringMatching(/^Another machine answers there than before, and so left out.*trust host-2 --replace\): host-2$/)]) });
  const order = { kind: 'quarantine' as const, host: HostName.parse('host-2'), forSeconds: 3600, reason: '' };
  expect(planContainment(kit.backend, order)).toMatchObject({ hosts: [], warnings: expect.arrayContaining([expect.stringMatching(/^Another machine answers there than before, and so left open until .*: host-2$/)]) });
  expect(listAudit(kit.backend, 5, null)).toContainEqual(expect.objectContaining({ actor: 'host:host-2', action: 'host.rebuilt' }));
  expect((await install())[1]).toMatchObject({ ok: false, error: { code: 'HOST_REBUILT' } });
  await accept('host-2');
  expect((await install())[1]).toMatchObject({ ok: true });
  expect(getHostDetail(kit.backend, 'host-2')).toMatchObject({ warnings: [{ code: 'ADDRESS_CHANGED' }], lastError: null, machines: [{ machineId: OTHER, standing: 'current' }, { machineId: former, standing: 'former' }] });
  expect(listAudit(kit.backend, 9, null)).toContainEqual(expect.objectContaining({ action: 'hosts.trust', detail: expect.stringMatching(/; machine id f{12} accepted instead of/) }));
  expect(readTimeline(kit.backend, 'host-2').entries.map(({ title }) => title)).toContain('another machine answered');
});

test('a machine that came to stand at an address between plan and push is found by the check, and nothing is loaded anywhere', async () => {
  await pushed(2);
  kit.setPolicy(aShop('test'));
  kit.host(1).machine.machineId = OTHER;
  const last = (await kit.push()).at(-1);
  expect(last).toMatchObject({ outcome: 'failed', hosts: [{ step: 'skipped' }, { step: 'failed', detail: expect.stringMatching(/another machine answers there than before.*Nothing was changed there\.$/) }] });
  expect(kit.host(0).machine.agent?.running.mode).toBe('enforce');
  for await (const state of startRollback(kit.backend, { hosts: { kind: 'names', names: ['host-2'] }, note: '', confirmWithinSeconds: 60 })) expect(state.outcome).not.toBe('confirmed');
});

test('a host that was made anew has no agent: that is said, and installing there needs the word of somebody', async () => {
  await pushed(1);
  kit.host(0).machine.uninstall();
  kit.host(0).machine.machineId = OTHER;
  await collect();
  expect(codesOf('host-1')).toEqual(['AGENT_GONE']);
  expect(attention()).toContainEqual(['HOST_REBUILT', ['host-1']]);
  expect((await install())[0]).toMatchObject({ ok: false, error: { code: 'HOST_REBUILT' } });
  expect([codesOf('host-1'), kit.host(0).machine.agent]).toEqual([['REBUILT', 'AGENT_GONE'], null]);
  expect((await showKey(kit.backend, 'host-1')).otherMachine).toMatchObject({ now: OTHER });
  await accept('host-1');
  expect((await install())[0]).toMatchObject({ ok: true });
  expect(codesOf('host-1')).toEqual([]);
});

test('where the key changed too, replacing it accepts whichever machine answers next', async () => {
  await pushed(1);
  await kit.host(0).changeKey();
  kit.host(0).machine.machineId = OTHER;
  kit.clock.nowMs += 60_000;
  expect((await collect())[0]).toMatchObject({ error: { code: 'HOST_KEY_CHANGED' } });
  await accept('host-1');
  expect((await install())[0]).toMatchObject({ ok: true });
  expect(getHostDetail(kit.backend, 'host-1').machines.map(({ standing }) => standing)).toEqual(['current', 'former']);
});

test('two machines that take turns at one address are told of when the right one answers again', async () => {
  await pushed(1);
  const own = machineIdOf(0);
  kit.host(0).machine.machineId = OTHER;
  await collect();
  kit.clock.nowMs += 60_000;
  kit.host(0).machine.machineId = own;
  expect((await collect())[0]).toMatchObject({ ok: true });
  expect(warningsOf('host-1')).toMatchObject([{ code: 'MACHINES_ALTERNATE', text: expect.stringMatching(/answered there at 2026-11-21 00:00Z/) }]);
  kit.clock.nowMs += 8 * 86_400_000;
  expect(codesOf('host-1')).toEqual([]);
  expect(getHost(kit.backend, 'host-1').pinnedKeys).toHaveLength(1);
});
