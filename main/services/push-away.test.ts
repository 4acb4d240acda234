import { afterEach, expect, test } from 'vitest';
import { collectStates, type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import type { Push } from '../../shared/model/diff.ts';
import { listAudit } from '../db/audit-store.ts';
import { listHostViews } from './host-views.ts';
import { uninstallAgents } from './agent-service.ts';
import { removeHost } from './inventory.ts';
import { preparePending } from './pending-plan.ts';
import { forgetPending, listWaitingHosts, startPending } from './pending-service.ts';
import { startRollback } from './rollback-service.ts';

let kit: PushKit;
afterEach(() => kit.close());

const stepsOf = (push: Push | undefined) => push?.hosts.map(({ hostName, step }) => `${hostName} ${step}`);
const modes = () => kit.hosts.map((host) => host.status().runningMode);
const waiting = () => listWaitingHosts(kit.backend).map(({ hostName, version, held }) => `${hostName} ${version}${held === null ? '' : ' held'}`);
const deliver = async () => (await collectStates(startPending(kit.backend, { planHash: preparePending(kit.backend).plan.hash, note: '', confirmWithinSeconds: 60 }))).at(-1);

/** host-2 was away when version 1 (test) went out. */
async function leftOut(): Promise<Push | undefined> {
  kit = await startPushKit(3);
  kit.setPolicy(aShop('test'));
  await kit.host(1).leave();
  return (await kit.push({ leaveAway: true })).at(-1);
}

test('without being told to leave it out, one host that is away stops the push', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  await kit.host(1).leave();
  expect(stepsOf((await kit.push()).at(-1))).toEqual(['host-1 skipped', 'host-2 failed']);
  expect([modes()[0], waiting()]).toEqual(['observe', []]);
});

test('a host that is away is left out and waits; the others go on, and everybody is told', async () => {
  const push = await leftOut();
  expect([push?.outcome, stepsOf(push)]).toEqual(['confirmed', ['host-1 confirmed', 'host-2 away', 'host-3 confirmed']]);
  expect([waiting(), modes()]).toEqual([['host-2 1'], ['test', 'observe', 'test']]);
  expect(listHostViews(kit.backend).map(({ waits }) => waits?.version ?? null)).toEqual([null, 1, null]);
  expect(listAudit(kit.backend.workspace.read, 50, null).find(({ action }) => action === 'push.away')).toMatchObject({ subject: 'host-2', detail: expect.stringContaining('no SSH answer') });
});

test('it gets the version that it missed once it answers, also when the draft is another by then', async () => {
  await leftOut();
  const bundle = kit.host(0).status().runningBundle;
  kit.setPolicy(aShop('enforce'));
  await kit.host(1).comeBack();
  expect(preparePending(kit.backend).plan).toMatchObject({ policyDiff: [], refusals: [], hosts: [{ hostName: 'host-2', modeBefore: 'observe', modeAfter: 'test' }] });
  const push = await deliver();
  expect([push?.outcome, push?.version, stepsOf(push)]).toEqual(['confirmed', 1, ['host-2 confirmed']]);
  expect([waiting(), modes(), bundle]).toEqual([[], ['test', 'test', 'test'], kit.host(0).status().runningBundle]);
});

test('a delivery to hosts that are still away sends nothing, fails, and leaves them waiting', async () => {
  await leftOut();
  const push = await deliver();
  expect([push?.outcome, stepsOf(push), waiting()]).toEqual(['failed', ['host-2 away'], ['host-2 1']]);
});

test('a push that no host answers fails, and nobody waits for it', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  await Promise.all(kit.hosts.map((host) => host.leave()));
  const push = (await kit.push({ leaveAway: true })).at(-1);
  expect([push?.outcome, stepsOf(push), waiting()]).toEqual(['failed', ['host-1 failed', 'host-2 failed'], []]);
});

test('a host that answers and refuses, or shows another key, is not away', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  await kit.host(1).changeKey();
  expect(stepsOf((await kit.push({ leaveAway: true })).at(-1))).toEqual(['host-1 skipped', 'host-2 failed']);
  kit.host(0).faults.push({ command: 'check', kind: 'drop-before' });
  expect(stepsOf((await kit.push({ leaveAway: true, zone: null })).at(-1))).toContain('host-1 failed');
  expect(waiting()).toEqual([]);
});

test('what did not get through to the others is not kept for a host that is away', async () => {
  kit = await startPushKit(3);
  kit.setPolicy(aShop('test'));
  await kit.host(2).leave();
  kit.host(0).faults.push({ command: 'apply', kind: 'refuse', reply: () => ({ exitCode: 1, stdout: '' }) });
  const push = (await kit.push({ leaveAway: true, waves: { sizes: [{ hosts: 1 }], first: [], zones: [], pauseSeconds: 0 } })).at(-1);
  expect([push?.outcome, stepsOf(push), waiting()]).toEqual(['failed', ['host-1 failed', 'host-2 skipped', 'host-3 skipped'], []]);
});

test('a canary that is away is none: the next one goes first', async () => {
  kit = await startPushKit(3);
  kit.setPolicy(aShop('test'));
  await kit.host(0).leave();
  const push = (await kit.push({ leaveAway: true, waves: { sizes: [{ hosts: 1 }], first: [], zones: [], pauseSeconds: 0 } })).at(-1);
  expect(push?.hosts.map(({ hostName, wave, step }) => `${hostName} ${wave} ${step}`)).toEqual(['host-1 null away', 'host-2 1 confirmed', 'host-3 2 confirmed']);
});

test('a later push that gets to the host ends its wait, and one that leaves it out again takes its place', async () => {
  await leftOut();
  kit.setPolicy(aShop('enforce'));
  await kit.push({ leaveAway: true });
  expect(waiting()).toEqual(['host-2 2']);
  await kit.host(1).comeBack();
  kit.setPolicy(aShop('test'));
  await kit.push();
  expect([waiting(), modes()]).toEqual([[], ['test', 'test', 'test']]);
});

test('a rollback takes back what the host waits for, and does not send it further back than it is', async () => {
  await leftOut();
  const push = (await collectStates(startRollback(kit.backend, { hosts: { kind: 'all' }, note: '', confirmWithinSeconds: 60 }))).at(-1);
  expect([push?.outcome, stepsOf(push), waiting()]).toEqual(['confirmed', ['host-1 confirmed', 'host-2 skipped', 'host-3 confirmed'], []]);
});

test('forgetting it, uninstalling it and removing it end its wait', async () => {
  await leftOut();
  expect(forgetPending(kit.backend, { kind: 'names', names: ['host-1', 'host-2'] }).map(({ hostName }) => hostName)).toEqual(['host-2']);
  expect(await failureOf((async () => startPending(kit.backend, { planHash: '', note: '', confirmWithinSeconds: 60 }))())).toMatchObject({ code: 'NOTHING_PENDING' });
  kit.setPolicy(aShop('enforce'));
  await kit.push({ leaveAway: true });
  await kit.host(1).comeBack();
  for await (const event of uninstallAgents(kit.backend, { kind: 'names', names: ['host-2'] })) if (event.type === 'done') expect(event.result.hosts).toMatchObject([{ ok: true }]);
  expect(waiting()).toEqual([]);
  await kit.host(2).leave();
  kit.setPolicy(aShop('test'));
  await kit.push({ leaveAway: true });
  expect(waiting()).toEqual(['host-3 3']);
  removeHost(kit.backend, 'host-3', true);
  expect(waiting()).toEqual([]);
});

test('a host that refuses what it missed waits from then on until somebody asks for it', async () => {
  await leftOut();
  await kit.host(1).comeBack();
  kit.host(1).faults.push({ command: 'check', kind: 'refuse', reply: () => ({ exitCode: 3, stdout: '{"v":1,"ok":false,"error":"no such set","unresolved":[]}' }) });
  expect([stepsOf(await deliver()), waiting()]).toEqual([['host-2 failed'], ['host-2 1 held']]);
  kit.host(1).faults.length = 0;
  expect([stepsOf(await deliver()), waiting()]).toEqual([['host-2 confirmed'], []]);
});
