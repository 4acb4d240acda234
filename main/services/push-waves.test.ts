import { afterEach, expect, test } from 'vitest';
import { type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import type { Push } from '../../shared/model/diff.ts';
import { DEFAULT_WAVES, type WaveOrder } from '../../shared/model/waves.ts';
import { listAudit } from '../db/audit-store.ts';
import { preparePlan } from './plan-service.ts';
import { startPush } from './push-service.ts';
import { stopPush } from './push-start.ts';

let kit: PushKit;
afterEach(() => kit.close());

const inWaves = (change: Partial<WaveOrder> = {}): WaveOrder => ({ sizes: DEFAULT_WAVES, first: [], zones: [], pauseSeconds: 0, ...change });
const wavesOf = (push: Push | undefined) => push?.hosts.map(({ hostName, wave, step }) => `${hostName} ${wave} ${step}`);
/** Which host got which of these commands, in the order in which they came. */
function record(commands: readonly string[]): string[] {
  const came: string[] = [];
  for (const host of kit.hosts) {
    host.onCommand = (command) => {
      if (commands.includes(command)) came.push(`${host.name} ${command}`);
    };
  }
  return came;
}

test('no host of a wave is loaded before every host of the one before has confirmed; all are checked before', async () => {
  kit = await startPushKit(5);
  kit.setPolicy(aShop('test'));
  const came = record(['check', 'apply', 'confirm']);
  const push = (await kit.push({ waves: inWaves({ first: ['host-3'] }) })).at(-1);
  expect(wavesOf(push)).toEqual(['host-1 2 confirmed', 'host-2 3 confirmed', 'host-3 1 confirmed', 'host-4 3 confirmed', 'host-5 3 confirmed']);
  expect(came.slice(0, 5).every((one) => one.endsWith('check'))).toBe(true);
  expect(came.slice(5, 9)).toEqual(['host-3 apply', 'host-3 confirm', 'host-1 apply', 'host-1 confirm']);
  expect(listAudit(kit.backend.workspace.read, 50, null).find(({ action }) => action === 'push.begin')?.detail).toContain('to 5 of 5 hosts in waves of 1, 1, 3');
});

test('a canary that does not take the rules keeps them from everybody else; a second push goes on with those', async () => {
  kit = await startPushKit(4);
  kit.setPolicy(aShop('enforce'));
  kit.host(0).faults.push({ command: 'apply', kind: 'refuse', reply: () => ({ exitCode: 1, stdout: '' }) });
  const first = (await kit.push({ waves: inWaves() })).at(-1);
  expect(first?.outcome).toBe('failed');
  expect(kit.hosts.map((host) => host.status().runningMode)).toEqual(['observe', 'observe', 'observe', 'observe']);
  expect(first?.hosts.slice(1).every(({ step, detail }) => step === 'skipped' && detail.includes('host-1 failed'))).toBe(true);
  kit.host(0).faults.length = 0;
  expect((await kit.push({ waves: inWaves() })).at(-1)?.outcome).toBe('confirmed');
});

test('a push that is stopped between two waves leaves the later hosts as they are, and the next one goes on with them', async () => {
  kit = await startPushKit(4);
  kit.setPolicy(aShop('test'));
  const states = startPush(kit.backend, { planHash: preparePlan(kit.backend, null).plan.hash, zone: null, note: '', confirmWithinSeconds: 60, waves: inWaves() });
  let last: Push | undefined;
  for await (const push of states) {
    last = push;
    if (push.outcome === 'running' && push.hosts[0]?.step === 'proving') stopPush(kit.backend, push.id);
  }
  expect([last?.outcome, wavesOf(last)]).toEqual(['partly', ['host-1 1 confirmed', 'host-2 2 skipped', 'host-3 3 skipped', 'host-4 3 skipped']]);
  expect(last?.hosts[1]?.detail).toBe('ada stopped the push before this host was loaded');
  expect(listAudit(kit.backend.workspace.read, 50, null).filter(({ action }) => action === 'push.stop')).toMatchObject([{ actor: 'ada', subject: last?.id }]);
  const next = (await kit.push({ waves: inWaves() })).at(-1);
  expect([next?.outcome, wavesOf(next)]).toEqual(['confirmed', ['host-1 null skipped', 'host-2 1 confirmed', 'host-3 2 confirmed', 'host-4 3 confirmed']]);
  expect(kit.hosts.map((host) => host.status().runningMode)).toEqual(['test', 'test', 'test', 'test']);
});

test('what is over, or runs elsewhere, cannot be stopped here; a canary that is no host of the push is refused before anything is sent', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  expect(await failureOf((async () => kit.push({ waves: inWaves({ first: ['host-9'] }) }))())).toMatchObject({ code: 'NOT_FOUND', payload: { name: 'host-9' } });
  const push = (await kit.push()).at(-1);
  if (push === undefined) throw new Error('the push published nothing');
  expect(wavesOf(push)).toEqual(['host-1 null confirmed', 'host-2 null confirmed']);
  expect(() => stopPush(kit.backend, push.id)).toThrow(expect.objectContaining({ code: 'PUSH_NOT_HERE' }));
});
