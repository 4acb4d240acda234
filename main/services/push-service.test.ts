import { afterEach, expect, test } from 'vitest';
import { type Fault, type PushKit, shutOnceLoaded, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import type { Push } from '../../shared/model/diff.ts';
import { listPushSteps } from '../db/push-store.ts';
import { findNewestVersion } from '../db/version-store.ts';
import { installAgents, readStatuses, uninstallAgents } from './agent-service.ts';
import { listHostViews } from './host-views.ts';
import { removeHost } from './inventory.ts';
import { preparePlan } from './plan-service.ts';
import { listPushes, startPush } from './push-service.ts';
import { verifyAudit } from '../db/audit-store.ts';

let kit: PushKit;
afterEach(() => kit.close());

const endOf = (states: readonly Push[]) => {
  const last = states.at(-1);
  if (last === undefined) throw new Error('the push published nothing');
  return last;
};
const stepsOf = (push: Push) => push.hosts.map((host) => host.step);
const historyOf = (push: Push, index: number) =>
  listPushSteps(kit.backend.workspace.read, push.id)
    .filter((entry) => entry.host === push.hosts[index]?.host)
    .map((entry) => entry.step);
const modes = () => kit.hosts.map((host) => host.status().runningMode);
const inputFor = (zone: string | null = null) => ({ planHash: preparePlan(kit.backend, zone).plan.hash, zone, note: '', confirmWithinSeconds: 60 });

test('a push to five hosts checks, loads, proves and confirms every one of them', async () => {
  kit = await startPushKit(5);
  kit.setPolicy(aShop('test'));
  const push = endOf(await kit.push({ note: 'rehearse' }));
  expect(push).toMatchObject({ outcome: 'confirmed', version: 1, kind: 'push', author: 'ada', note: 'rehearse', endedAtMs: kit.clock.nowMs });
  expect(historyOf(push, 0)).toEqual(['planned', 'checking', 'checked', 'applying', 'applied', 'proving', 'proved', 'confirming', 'confirmed']);
  expect(kit.hosts.map((host) => host.status())).toEqual(
    push.hosts.map((host) => expect.objectContaining({ runningMode: 'test', runningSeq: 1, runningBundle: host.bundle, confirmedBundle: host.bundle, pending: null })),
  );
  expect(listHostViews(kit.backend).map(({ state, appliedVersion, appliedMode }) => ({ state, appliedVersion, appliedMode }))).toEqual(
    Array.from({ length: 5 }, () => ({ state: 'in-sync', appliedVersion: 1, appliedMode: 'test' })),
  );
  expect(verifyAudit(kit.backend.workspace.read).brokenAt).toBeNull();
});

test('each step is stored before the host is told to take it', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('test'));
  const seen: (readonly [string, string | undefined])[] = [];
  kit.host(0).onCommand = (command) => seen.push([command, listPushes(kit.backend)[0]?.hosts[0]?.step]);
  await kit.push();
  expect(seen).toEqual([
    ['status', 'checking'],
    ['printf', 'checking'],
    ['check', 'checking'],
    ['apply', 'applying'],
    ['printf', 'proving'],
    ['confirm', 'confirming'],
    ['drain', 'confirmed'],
  ]);
});

test('proof and confirmation come over a connection that was made once the rules were loaded, and everything after them', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('test'));
  const before = kit.host(0).sshd.log.sockets;
  const came: string[] = [];
  kit.host(0).onCommand = (command) => came.push(`${command} ${kit.host(0).sshd.log.sockets - before}`);
  await kit.push();
  expect(came).toEqual(['status 0', 'printf 0', 'check 0', 'apply 0', 'printf 1', 'confirm 1', 'drain 1']);
});

const checkFaults: Fault[] = [
  { command: 'status', kind: 'hang-before' },
  { command: 'check', kind: 'hang-before' },
  { command: 'check', kind: 'drop-before' },
  { command: 'check', kind: 'lie', reply: () => ({ exitCode: 0, stdout: '{"v":1,"ok":false,"error":"syntax error, unexpected newline"}' }) },
  { command: 'status', kind: 'lie', reply: () => ({ exitCode: 0, stdout: '{"v":1,"agentVersion":7}' }) },
  { command: 'check', kind: 'lie', reply: () => ({ exitCode: 127, stdout: '' }) },
];
test.each(checkFaults)('a host that fails its check stops the push before anything is loaded anywhere: $command $kind', async (fault) => {
  kit = await startPushKit(3);
  kit.setPolicy(aShop('enforce'));
  kit.host(1).faults.push(fault);
  const push = endOf(await kit.push());
  expect({ outcome: push.outcome, steps: stepsOf(push) }).toEqual({ outcome: 'failed', steps: ['skipped', 'failed', 'skipped'] });
  expect(push.hosts[1]?.detail).toMatch(/Nothing was changed there\.$/);
  expect(modes()).toEqual(['observe', 'observe', 'observe']);
  expect(kit.hosts.flatMap((host) => host.commands)).not.toContain('apply');
});

const loadFaults: (Fault & { ends: string; loads: boolean })[] = [
  { command: 'apply', kind: 'hang-before', ends: 'rolled-back', loads: false },
  { command: 'apply', kind: 'hang-after', ends: 'rolled-back', loads: true },
  { command: 'apply', kind: 'drop-before', ends: 'rolled-back', loads: false },
  { command: 'apply', kind: 'drop-after', ends: 'rolled-back', loads: true },
  { command: 'apply', kind: 'lie', reply: () => ({ exitCode: 1, stdout: '{"v":1,"error":"LOAD_FAILED","detail":"No such file; put back, nothing has changed"}' }), ends: 'rolled-back', loads: true },
  { command: 'confirm', kind: 'hang-before', ends: 'rolled-back', loads: true },
  { command: 'confirm', kind: 'drop-before', ends: 'rolled-back', loads: true },
  { command: 'confirm', kind: 'lie', reply: () => ({ exitCode: 5, stdout: '{"v":1,"error":"NOT_PENDING","detail":"its window is over"}' }), ends: 'confirmed', loads: true },
  { command: 'confirm', kind: 'hang-after', ends: 'confirmed', loads: true },
  { command: 'confirm', kind: 'drop-after', ends: 'confirmed', loads: true },
];
test.each(loadFaults)('what a host did after $command $kind is stored as read back from it: $ends', async ({ ends, loads, ...fault }) => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push(fault);
  const push = endOf(await kit.push());
  expect(stepsOf(push)).toEqual([ends, 'confirmed']);
  expect(push.outcome).toBe(ends === 'confirmed' ? 'confirmed' : 'partly');
  expect(historyOf(push, 0).slice(-2)).toEqual(['failed', ends]);
  expect(kit.host(0).status()).toMatchObject({ runningMode: ends === 'confirmed' ? 'enforce' : 'observe', pending: null, ...(loads ? { last: { id: push.id } } : {}) });
  const [view] = listHostViews(kit.backend);
  expect(view).toMatchObject(ends === 'confirmed' ? { state: 'in-sync', appliedMode: 'enforce' } : { state: 'behind', appliedMode: 'observe' });
});

test('a load that the host refused, and still has not done, ends as failed and not as rolled back', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push({ command: 'apply', kind: 'refuse', reply: () => ({ exitCode: 7, stdout: '{"v":1,"error":"DISK_FULL","detail":"pending cannot be written"}' }) });
  const push = endOf(await kit.push());
  expect(push.hosts[0]).toMatchObject({ step: 'failed', detail: expect.stringMatching(/pending cannot be written\. The host runs its former rules/) });
  expect(push.outcome).toBe('failed');
});

const lies: { what: string; change: object }[] = [
  { what: 'other rules are in the kernel', change: { kernelHash: 'f'.repeat(64) } },
  { what: 'another bundle runs', change: { runningBundle: 'e'.repeat(64) } },
  { what: 'the push is no longer pending', change: { pending: null } },
  { what: 'the table is gone', change: { loaded: false } },
];
test.each(lies)('rules are not confirmed when the host reads back after loading that $what', async ({ change }) => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push({ command: 'apply', kind: 'lie', reply: (stdout) => ({ exitCode: 0, stdout: JSON.stringify({ ...JSON.parse(stdout), ...change }) }) });
  const push = endOf(await kit.push());
  expect(stepsOf(push)).toEqual(['rolled-back']);
  expect(kit.host(0).commands).not.toContain('confirm');
  expect(kit.host(0).status().runningMode).toBe('observe');
});

test.each(['drop-before', 'hang-before'] as const)('rules are not confirmed when no command comes through over a new connection: %s', async (kind) => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push({ command: 'printf', after: 'apply', kind });
  const push = endOf(await kit.push());
  expect(stepsOf(push)).toEqual(['rolled-back']);
  expect(historyOf(push, 0)).toEqual(['planned', 'checking', 'checked', 'applying', 'applied', 'proving', 'failed', 'rolled-back']);
  expect(kit.host(0).commands).not.toContain('confirm');
});

test('rules are not confirmed when another machine answers the proof', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push({ command: 'printf', after: 'apply', kind: 'lie', reply: () => ({ exitCode: 0, stdout: `10.77.0.1 40022 10.77.0.11 22\n${'a'.repeat(32)}\n` }) });
  const push = endOf(await kit.push());
  expect(push.hosts[0]).toMatchObject({ step: 'rolled-back', detail: expect.stringContaining('machine') });
  expect(kit.host(0).commands).not.toContain('confirm');
});

test('a host that cannot be asked within its window stays unknown, and is not called rolled back', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push(...shutOnceLoaded('drop-before'));
  const startedAtMs = kit.clock.nowMs;
  const push = endOf(await kit.push());
  expect({ outcome: push.outcome, steps: stepsOf(push) }).toEqual({ outcome: 'failed', steps: ['unknown'] });
  expect(kit.clock.nowMs - startedAtMs).toBe(70_000);
});

test('a plan that is older than the draft is refused, and nothing is sent', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('test'));
  const stale = inputFor();
  kit.setPolicy(aShop('enforce'));
  const commandsBefore = kit.host(0).commands.length;
  expect((await failureOf(Promise.resolve().then(() => startPush(kit.backend, stale)))).code).toBe('PLAN_STALE');
  expect({ sent: kit.host(0).commands.length - commandsBefore, pushes: listPushes(kit.backend), version: findNewestVersion(kit.backend.workspace.read) }).toEqual({ sent: 0, pushes: [], version: undefined });
});

test('of two pushes at once in one workspace the second is refused', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  const other = kit.openBackend();
  const input = inputFor();
  const first = startPush(kit.backend, input);
  expect((await failureOf(Promise.resolve().then(() => startPush(other, input)))).code).toBe('PUSH_RUNNING');
  let last: Push | undefined;
  for await (const push of first) last = push;
  expect(last?.outcome).toBe('confirmed');
});

test('a host on which another console’s push is pending stops this push, and says whose it is', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  await kit.push();
  kit.setPolicy(aShop('enforce'));
  const running = kit.backend.workspace.read.one('SELECT text FROM bundles WHERE host_id = ? AND mode = ?', [listHostViews(kit.backend)[1]?.id ?? '', 'test']);
  kit.host(1).machine.agent?.apply(JSON.parse(JSON.stringify(running)).text, 'p_somebodyelse', 'bob', 600);
  const push = endOf(await kit.push());
  expect(stepsOf(push)).toEqual(['skipped', 'failed']);
  expect(push.hosts[1]?.detail).toMatch(/another push \(p_somebodyelse\) by bob/);
  expect(modes()).toEqual(['test', 'test']);
});

test('a changed host key stops the push before anything is sent to that host', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('enforce'));
  await kit.host(0).changeKey();
  const push = endOf(await kit.push());
  expect(stepsOf(push)).toEqual(['failed', 'skipped']);
  expect(push.hosts[0]?.detail).toMatch(/HOST KEY CHANGED/);
  expect(kit.host(0).sshd.log).toMatchObject({ auth: [], commands: [] });
});

test('a host whose rules stay the same is skipped and not contacted', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test', 'host-1'));
  const commandsBefore = kit.host(1).commands.length;
  const push = endOf(await kit.push());
  expect(push.hosts.map(({ step, detail }) => [step, detail])).toEqual([
    ['confirmed', expect.any(String)],
    ['skipped', 'unchanged: it ran exactly this when it was last asked'],
  ]);
  expect(push.outcome).toBe('confirmed');
  expect(kit.host(1).commands.length).toBe(commandsBefore);
});

test('pushing what every host already runs is refused', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('test'));
  await kit.push();
  expect((await failureOf(Promise.resolve().then(() => startPush(kit.backend, inputFor())))).code).toBe('NOTHING_TO_PUSH');
});

test('a new policy under which no host changes makes a version, and nothing is sent', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('observe'));
  const commandsBefore = kit.host(0).commands.length;
  const push = endOf(await kit.push());
  expect([push.outcome, push.version, push.hosts.map((host) => host.step)]).toEqual(['confirmed', 1, ['skipped']]);
  expect(kit.host(0).commands.length).toBe(commandsBefore);
});

test('rules that somebody changed on a host are sent again', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('test'));
  await kit.push();
  kit.host(0).machine.agent?.tamper();
  for await (const event of readStatuses(kit.backend, { kind: 'all' })) expect(event).toBeDefined();
  expect(listHostViews(kit.backend)[0]?.state).toBe('drifted');
  expect(endOf(await kit.push()).outcome).toBe('confirmed');
  expect(listHostViews(kit.backend)[0]?.state).toBe('in-sync');
});

test('a watcher that leaves does not stop the push', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('test'));
  const states = startPush(kit.backend, inputFor());
  await states.next();
  await states.return();
  await expect.poll(() => listPushes(kit.backend)[0]?.outcome).toBe('confirmed');
});

test('a push of one zone leaves the hosts of others alone, and a host that has left the zone is taken along', async () => {
  kit = await startPushKit(3);
  kit.setPolicy(aShop('test', 'host-1'));
  await kit.push();
  kit.setPolicy(aShop('enforce', 'host-2'));
  const push = endOf(await kit.push({ zone: 'shop' }));
  expect(push.hosts.map((host) => [host.hostName, host.step])).toEqual([
    ['host-1', 'confirmed'],
    ['host-2', 'confirmed'],
  ]);
  expect(modes()).toEqual(['observe', 'enforce', 'observe']);
});

test('a host in a running push is neither forgotten nor relieved of its agent, nor given another', async () => {
  kit = await startPushKit(1);
  // It begins when its events are asked for.
  const installing = await installAgents(kit.backend, { kind: 'all' }, { replace: true });
  kit.setPolicy(aShop('enforce'));
  const refused: Promise<unknown>[] = [];
  kit.host(0).onCommand = (command) => {
    if (command !== 'confirm') return;
    refused.push(failureOf(Promise.resolve().then(() => removeHost(kit.backend, 'host-1', true))));
    refused.push(Array.fromAsync(uninstallAgents(kit.backend, { kind: 'all' })));
    refused.push(Array.fromAsync(installing));
  };
  expect((await kit.push()).at(-1)?.outcome).toBe('confirmed');
  const [removal, ...ofAgents] = await Promise.all(refused);
  expect(removal).toMatchObject({ code: 'PUSH_RUNNING' });
  const isRefused = expect.objectContaining({ type: 'done', result: { hosts: [expect.objectContaining({ ok: false, error: expect.objectContaining({ code: 'PUSH_RUNNING' }) })] } });
  expect(ofAgents).toEqual([expect.arrayContaining([isRefused]), expect.arrayContaining([isRefused])]);
  expect(kit.host(0).status()).toMatchObject({ runningMode: 'enforce', pending: null });
  kit.host(0).onCommand = () => {};
  expect(() => removeHost(kit.backend, 'host-1', true)).not.toThrow();
});
