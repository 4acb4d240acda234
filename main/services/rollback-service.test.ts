import { afterEach, expect, test } from 'vitest';
import { collectStates, type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import { readStatuses } from './agent-service.ts';
import { recordConsole } from './agent-record.ts';
import { isDraftChanged, readDraft } from './draft.ts';
import { getHost } from './find-host.ts';
import { listHostViews } from './host-views.ts';
import { startRollback } from './rollback-service.ts';

let kit: PushKit;
afterEach(() => kit.close());

const rollBack = async () => (await collectStates(startRollback(kit.backend, { hosts: { kind: 'all' }, note: 'too strict', confirmWithinSeconds: 60 }))).at(-1);
const modes = () => kit.hosts.map((host) => host.status().runningMode);

test('a rollback is an armed and confirmed push back to what the hosts ran before; the draft stays, and is ahead of the hosts', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  await kit.push();
  const formerBundles = kit.hosts.map((host) => host.status().runningBundle);
  kit.setPolicy(aShop('enforce'));
  await kit.push();
  const push = await rollBack();
  expect(push).toMatchObject({ kind: 'rollback', version: 1, outcome: 'confirmed', note: 'too strict', hosts: [{ step: 'confirmed' }, { step: 'confirmed' }] });
  expect(kit.hosts.map((host) => host.status())).toEqual(
    formerBundles.map((bundle) => expect.objectContaining({ runningMode: 'test', runningBundle: bundle, confirmedBundle: bundle, pending: null, last: expect.objectContaining({ id: push?.id, event: 'confirmed' }) })),
  );
  expect(readDraft(kit.backend).policy).toEqual(aShop('enforce'));
  expect(isDraftChanged(kit.backend)).toBe(false);
  expect(listHostViews(kit.backend).map(({ state, appliedVersion }) => [state, appliedVersion])).toEqual([['behind', 1], ['behind', 1]]);
});

test('rolling back twice goes back two steps, to what the agent began with, and then there is nothing left', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('test'));
  await kit.push();
  kit.setPolicy(aShop('enforce'));
  await kit.push();
  await rollBack();
  expect(modes()).toEqual(['test']);
  const push = await rollBack();
  expect(modes()).toEqual(['observe']);
  expect(push).toMatchObject({ kind: 'rollback', outcome: 'confirmed' });
  expect((await failureOf(rollBack())).code).toBe('NOTHING_TO_ROLL_BACK');
});

test('a push that only repaired a host is passed over, so that the way back behind it stays open', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  await kit.push();
  kit.host(0).machine.agent?.tamper();
  for await (const event of readStatuses(kit.backend, { kind: 'all' })) expect(event.type).toBeDefined();
  expect((await kit.push()).at(-1)).toMatchObject({ outcome: 'confirmed', hosts: [{ step: 'confirmed' }] });
  expect(await rollBack()).toMatchObject({ outcome: 'confirmed' });
  expect(modes()).toEqual(['observe']);
  expect((await failureOf(rollBack())).code).toBe('NOTHING_TO_ROLL_BACK');
});

test('one host goes back behind pushes that left it alone', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  await kit.push();
  kit.setPolicy({ ...aShop('test'), zones: [...aShop('enforce', 'host-1').zones.map((zone) => ({ ...zone, name: 'strict' })), ...aShop('test').zones] });
  await kit.push();
  const states = await collectStates(startRollback(kit.backend, { hosts: { kind: 'names', names: ['host-2'] }, note: '', confirmWithinSeconds: 60 }));
  expect(states.at(-1)).toMatchObject({ outcome: 'confirmed', hosts: [{ hostName: 'host-2', step: 'confirmed' }] });
  expect(modes()).toEqual(['enforce', 'observe']);
});

test('a host that the last push left alone is left alone by its rollback too', async () => {
  kit = await startPushKit(2);
  kit.setPolicy(aShop('test'));
  await kit.push();
  kit.setPolicy({ ...aShop('test'), zones: [...aShop('enforce', 'host-1').zones.map((zone) => ({ ...zone, name: 'strict' })), ...aShop('test').zones] });
  await kit.push();
  expect(modes()).toEqual(['enforce', 'test']);
  const push = await rollBack();
  expect(push?.hosts.map((host) => host.step)).toEqual(['confirmed', 'skipped']);
  expect(modes()).toEqual(['test', 'test']);
});

test('a rollback after the console has moved compiles the former version anew, so that nobody is locked out', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('enforce'));
  await kit.push();
  const formerBundle = kit.host(0).status().runningBundle;
  kit.setPolicy(aShop('test'));
  await kit.push();
  recordConsole(kit.backend, getHost(kit.backend, 'host-1').id, '10.77.0.99');
  const push = await rollBack();
  expect(push).toMatchObject({ outcome: 'confirmed', version: 1 });
  expect(kit.host(0).status()).toMatchObject({ runningMode: 'enforce' });
  expect(kit.host(0).status().runningBundle).not.toBe(formerBundle);
  expect(kit.host(0).machine.agent?.running.text).toMatch(/^# console 10\.77\.0\.1 10\.77\.0\.99$/m);
});

test('a rollback that a host does not confirm leaves it with what it ran', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('test'));
  await kit.push();
  kit.host(0).faults.push({ command: 'confirm', kind: 'drop-before' });
  const push = await rollBack();
  expect(push).toMatchObject({ outcome: 'failed', hosts: [{ step: 'rolled-back' }] });
  expect(modes()).toEqual(['test']);
});
