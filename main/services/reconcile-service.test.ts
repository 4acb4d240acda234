import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { collectStates, KIT_PASSWORD, type PushKit, shutOnceLoaded, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { verifyAudit } from '../db/audit-store.ts';
import { listHostViews } from './host-views.ts';
import { preparePlan } from './plan-service.ts';
import { listPushes, startPush } from './push-service.ts';
import { reconcilePushes } from './reconcile-service.ts';

const CHILD = new URL('../../e2e/fakehost/push-child.ts', import.meta.url).pathname;

let kit: PushKit;
afterEach(() => kit.close());

/** Pushes from another process and kills it, as a power cut would, when the first host is told `command` (for the nth time). */
async function killDuring(command: string, nth = 1): Promise<void> {
  let left = nth;
  const child = spawn(process.execPath, [CHILD, kit.workspacePath, KIT_PASSWORD], { stdio: ['ignore', 'ignore', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString('utf8')));
  const ended = once(child, 'close');
  kit.host(0).onCommand = (arrived) => {
    if (arrived === command) left -= 1;
    if (arrived === command && left === 0) child.kill('SIGKILL');
  };
  const [, signal] = await ended;
  kit.host(0).onCommand = () => {};
  expect({ signal, errors: errors.join('') }).toEqual({ signal: 'SIGKILL', errors: '' });
}

const stepsOf = () => listPushes(kit.backend)[0]?.hosts.map((host) => host.step);

test('a backend that is killed between load and confirm: the next one says that the host has rolled back, when it has', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push(...shutOnceLoaded('hang-before'));
  // Once in the check, and once as the proof.
  await killDuring('printf', 2);
  kit.host(0).faults.length = 0;
  expect(kit.host(0).status()).toMatchObject({ runningMode: 'enforce', pending: { by: 'ada' } });
  const { backend } = kit;
  expect(listPushes(backend)[0]).toMatchObject({ outcome: 'interrupted', endedAtMs: null, hosts: [{ step: 'proving' }] });
  const [push] = await reconcilePushes(backend);
  expect(push).toMatchObject({ outcome: 'interrupted', endedAtMs: kit.clock.nowMs, hosts: [{ step: 'rolled-back', detail: expect.stringMatching(/read back/) }] });
  expect(kit.host(0).status()).toMatchObject({ runningMode: 'observe', pending: null, last: { id: push?.id } });
  expect(listHostViews(backend)[0]).toMatchObject({ state: 'behind', appliedMode: 'observe' });
  expect(verifyAudit(backend.workspace.read).brokenAt).toBeNull();
});

test('a backend that is killed while the host confirms: the next one says that the host runs the new rules for good', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push({ command: 'confirm', kind: 'hang-after' });
  await killDuring('confirm');
  const [push] = await reconcilePushes(kit.backend);
  expect(push).toMatchObject({ outcome: 'interrupted', hosts: [{ step: 'confirmed' }] });
  expect(listHostViews(kit.backend)[0]).toMatchObject({ state: 'in-sync', appliedMode: 'enforce', appliedVersion: 1 });
});

test('a backend that is killed while it checks: nothing was sent, and no host is asked', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push({ command: 'check', kind: 'hang-before' });
  await killDuring('check');
  const commandsBefore = kit.hosts.map((host) => host.commands.length);
  const [push] = await reconcilePushes(kit.backend);
  expect(push).toMatchObject({ outcome: 'interrupted', hosts: [{ step: 'skipped' }, { step: 'skipped' }] });
  expect(kit.hosts.map((host) => host.commands.length)).toEqual(commandsBefore);
});

test('a clock that was set back by days since is not waited for: a load that may still be on its way gets its window, and no more', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push({ command: 'apply', kind: 'hang-before' });
  // The process that pushes goes by the machine's clock; the kit's stands in 2026-11-21.
  await killDuring('apply');
  kit.host(0).faults.pop();
  const sinceMs = kit.clock.nowMs;
  expect(listPushes(kit.backend)[0]?.hosts[0]).toMatchObject({ step: 'applying' });
  expect(listPushes(kit.backend)[0]?.hosts[0]?.changedAtMs).toBeGreaterThan(sinceMs + 3_600_000);
  const [push] = await reconcilePushes(kit.backend);
  expect(push).toMatchObject({ outcome: 'interrupted', hosts: [{ step: 'rolled-back' }] });
  expect(kit.clock.nowMs - sinceMs).toBeGreaterThanOrEqual(60_000);
  expect(kit.clock.nowMs - sinceMs).toBeLessThan(75_000);
});

test('a host that does not answer stays unknown, is asked again the next time, and then told as it is', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push({ command: 'confirm', kind: 'hang-after' });
  await killDuring('confirm');
  kit.host(0).faults.push({ command: 'status', kind: 'drop-before' });
  expect(await reconcilePushes(kit.backend)).toMatchObject([{ outcome: 'interrupted', endedAtMs: null, hosts: [{ step: 'unknown' }] }]);
  kit.host(0).faults.pop();
  expect(await reconcilePushes(kit.backend)).toMatchObject([{ outcome: 'interrupted', endedAtMs: kit.clock.nowMs, hosts: [{ step: 'confirmed' }] }]);
  expect(await reconcilePushes(kit.backend)).toEqual([]);
});

test('a push that ended without an answer from a host is completed when the host answers', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push(...shutOnceLoaded('drop-before'));
  await kit.push();
  expect(stepsOf()).toEqual(['unknown']);
  kit.host(0).faults.length = 0;
  expect(await reconcilePushes(kit.backend)).toMatchObject([{ outcome: 'failed', hosts: [{ step: 'rolled-back' }] }]);
});

test('a push that a living process runs is not called interrupted by another that opens the workspace', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push({ command: 'apply', kind: 'hang-before' });
  const child = spawn(process.execPath, [CHILD, kit.workspacePath, KIT_PASSWORD], { stdio: 'ignore' });
  const ended = once(child, 'close');
  await new Promise<void>((resolve) => {
    kit.host(0).onCommand = (command) => {
      if (command === 'apply') resolve();
    };
  });
  expect(listPushes(kit.backend)[0]?.outcome).toBe('running');
  expect(await reconcilePushes(kit.backend)).toEqual([]);
  child.kill('SIGKILL');
  await ended;
  expect(listPushes(kit.backend)[0]?.outcome).toBe('interrupted');
});

test('a console that is closed in the middle of a push stops at once, and the next one finds out what the host did', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  const closing = kit.openBackend();
  kit.host(0).faults.push({ command: 'confirm', kind: 'hang-before' });
  kit.host(0).onCommand = (command) => {
    if (command === 'confirm') void closing.close();
  };
  const states = startPush(closing, { planHash: preparePlan(closing, null).plan.hash, zone: null, note: '', confirmWithinSeconds: 60 });
  await expect(collectStates(states)).rejects.toThrow('ABORTED');
  kit.host(0).faults.pop();
  expect(listPushes(kit.backend)[0]).toMatchObject({ outcome: 'interrupted', hosts: [{ step: 'confirming' }] });
  expect(await reconcilePushes(kit.backend)).toMatchObject([{ outcome: 'interrupted', hosts: [{ step: 'rolled-back' }] }]);
});

test('a later push that was refused before it loaded anything does not keep a host from being asked about the earlier one', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push(...shutOnceLoaded('hang-before'));
  await killDuring('printf', 2);
  kit.host(0).faults.length = 0;
  expect((await kit.push()).at(-1)).toMatchObject({ outcome: 'failed', hosts: [{ step: 'failed', detail: expect.stringMatching(/waits for its confirmation/) }] });
  expect(await reconcilePushes(kit.backend)).toMatchObject([{ outcome: 'interrupted', hosts: [{ step: 'rolled-back' }] }]);
});
