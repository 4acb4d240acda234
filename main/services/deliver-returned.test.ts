import { afterEach, expect, test } from 'vitest';
import { collectStates, type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { expectParsed } from '../../shared/policy/testing/builders.ts';
import { parseMaintenance } from '../../shared/text/maintenance-text.ts';
import { listAudit } from '../db/audit-store.ts';
import { readStatuses } from './agent-service.ts';
import { deliverReturned, type Tried } from './deliver-returned.ts';
import { listWaitingHosts } from './pending-service.ts';
import { changeSettings, readSettings } from './workspace-settings.ts';

let kit: PushKit;
let tried: Tried;
afterEach(() => kit.close());

const waiting = () => listWaitingHosts(kit.backend).map(({ hostName, held }) => `${hostName}${held === null ? '' : ' held'}`);

/** host-2 was away when version 1 went out. */
async function leftOut(): Promise<void> {
  kit = await startPushKit(2);
  tried = new Map();
  kit.setPolicy(aShop('test'));
  await kit.host(1).leave();
  await kit.push({ leaveAway: true });
}

/** One look of the window; the steps of the push that came of it, or null. */
async function look(): Promise<string[] | null> {
  const states = await deliverReturned(kit.backend, tried);
  if (states === null) return null;
  return (await collectStates(states)).at(-1)?.hosts.map(({ hostName, step }) => `${hostName} ${step}`) ?? [];
}

test('a host that returns is sent what it missed, without anybody asking, and the audit log says so', async () => {
  await leftOut();
  expect([await look(), waiting()]).toEqual([null, ['host-2']]);
  await kit.host(1).comeBack();
  kit.clock.nowMs += 5 * 60_000;
  expect([await look(), waiting()]).toEqual([['host-2 confirmed'], []]);
  expect(listAudit(kit.backend.workspace.read, 50, null).filter(({ action }) => action === 'push.begin')[0]?.detail).toContain('sent by itself when the host returned (version 1)');
  kit.clock.nowMs += 3_600_000;
  expect(await look()).toBeNull();
});

test('it is not asked again for five minutes, unless somebody has heard from it meanwhile', async () => {
  await leftOut();
  await look();
  await kit.host(1).comeBack();
  kit.clock.nowMs += 60_000;
  expect(await look()).toBeNull();
  await Array.fromAsync(readStatuses(kit.backend, { kind: 'names', names: ['host-2'] }));
  expect(await look()).toEqual(['host-2 confirmed']);
});

test('nothing is sent while that is switched off, nor outside of the host’s maintenance window', async () => {
  await leftOut();
  await kit.host(1).comeBack();
  changeSettings(kit.backend, { ...readSettings(kit.backend), deliverReturned: false });
  expect(await look()).toBeNull();
  // The kit's time begins on a Saturday at 00:00 UTC.
  changeSettings(kit.backend, { ...readSettings(kit.backend), deliverReturned: true, maintenance: [expectParsed(parseMaintenance('shop=Sat 02:00-04:00 UTC'))] });
  expect([await look(), waiting()]).toEqual([null, ['host-2']]);
  kit.clock.nowMs = Date.UTC(2026, 10, 21, 2);
  expect(await look()).toEqual(['host-2 confirmed']);
});

test('a host that runs what was not sent from here waits for a person', async () => {
  await leftOut();
  await kit.host(1).comeBack();
  kit.host(1).machine.agent?.tamper();
  expect([await look(), waiting(), kit.host(1).status().runningMode]).toEqual([null, ['host-2 held'], 'observe']);
  kit.clock.nowMs += 3_600_000;
  expect(await look()).toBeNull();
});
