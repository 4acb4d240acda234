import { afterEach, expect, test } from 'vitest';
import { collectStates, type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { failureOf } from '../../e2e/fakehost/ssh-kit.ts';
import { describeError } from '../../shared/error-text.ts';
import type { ZoneMode } from '../../shared/model/policy.ts';
import { expectParsed } from '../../shared/policy/testing/builders.ts';
import { parseMaintenance } from '../../shared/text/maintenance-text.ts';
import { listAudit } from '../db/audit-store.ts';
import { planContainment, startContainment } from './containment-service.ts';
import { preparePlan } from './plan-service.ts';
import { listPushes } from './push-service.ts';
import { startRollback } from './rollback-service.ts';
import { listVersions } from './versions.ts';
import { changeSettings, readSettings } from './workspace-settings.ts';

let kit: PushKit;
afterEach(() => kit.close());

const setWindows = (...texts: string[]) => changeSettings(kit.backend, { ...readSettings(kit.backend), maintenance: texts.map((text) => expectParsed(parseMaintenance(text))) });
const pushed = () => failureOf((async () => kit.push())());

/** The kit's time begins on Saturday 2026-11-21 at 00:00 UTC. */
async function aClosedShop(mode: ZoneMode = 'test'): Promise<void> {
  kit = await startPushKit(2);
  kit.setPolicy(aShop(mode));
  setWindows('shop=Sat 22:00-04:00 UTC');
  kit.clock.nowMs = Date.UTC(2026, 10, 21, 12);
}

test.each([['enforce', 'observe'], ['enforce', 'test'], ['observe', 'test'], ['test', 'enforce']] as const)('a push that takes a zone from %s to %s outside of its window is refused before anything is sent', async (from, to) => {
  await aClosedShop(from);
  kit.clock.nowMs = Date.UTC(2026, 10, 21, 23);
  await kit.push();
  const [before, asked] = [listPushes(kit.backend).length, kit.host(0).commands.length];
  kit.clock.nowMs = Date.UTC(2026, 10, 22, 12);
  kit.setPolicy(aShop(to));
  expect(await pushed()).toMatchObject({ code: 'WINDOW_CLOSED', payload: { windows: [{ zone: 'shop', isOpen: false, hosts: ['host-1', 'host-2'] }] } });
  expect([listPushes(kit.backend).length, kit.host(0).commands.length]).toEqual([before, asked]);
});

test('the refusal names hosts, zone, the time there and when the window opens', async () => {
  await aClosedShop();
  const { windows } = preparePlan(kit.backend, null).plan;
  expect(describeError('WINDOW_CLOSED', { windows, nowMs: kit.clock.nowMs }).title).toBe('host-1, host-2: the maintenance window of zone shop is closed: it is Sat 2026-11-21 12:00 UTC, and it opens Sat 2026-11-21 22:00.');
});

test('within its window it goes, and a zone without one at any time', async () => {
  await aClosedShop();
  kit.clock.nowMs = Date.UTC(2026, 10, 21, 23);
  expect((await kit.push()).at(-1)?.outcome).toBe('confirmed');
  setWindows();
  kit.clock.nowMs = Date.UTC(2026, 10, 24, 12);
  kit.setPolicy(aShop('enforce'));
  expect((await kit.push()).at(-1)?.outcome).toBe('confirmed');
});

test('a host that leaves the zone is still changed by that, and is held to its window', async () => {
  await aClosedShop();
  kit.clock.nowMs = Date.UTC(2026, 10, 21, 23);
  await kit.push();
  kit.clock.nowMs = Date.UTC(2026, 10, 22, 12);
  kit.setPolicy(aShop('test', 'host-1'));
  expect(await pushed()).toMatchObject({ code: 'WINDOW_CLOSED', payload: { windows: [{ zone: 'shop', hosts: expect.arrayContaining(['host-2']) }] } });
});

test('with a reason it goes all the same; the reason is in the audit log, with the version and with the push', async () => {
  await aClosedShop();
  const push = (await kit.push({ note: 'patch', outsideWindow: 'the shop is down' })).at(-1);
  expect(push).toMatchObject({ outcome: 'confirmed', note: 'patch (outside the maintenance window of zone shop: the shop is down)' });
  expect(listVersions(kit.backend)[0]?.note).toBe(push?.note);
  expect(listAudit(kit.backend.workspace.read, 50, null).find(({ action }) => action === 'push.outside-window')).toMatchObject({ subject: push?.id, detail: expect.stringContaining('pushed all the same: the shop is down') });
});

test('a rollback and a containment wait for no window', async () => {
  await aClosedShop();
  kit.clock.nowMs = Date.UTC(2026, 10, 21, 23);
  await kit.push();
  kit.clock.nowMs = Date.UTC(2026, 10, 22, 12);
  expect((await collectStates(startRollback(kit.backend, { hosts: { kind: 'all' }, note: '', confirmWithinSeconds: 60 }))).at(-1)?.outcome).toBe('confirmed');
  const order = { kind: 'quarantine' as const, host: 'host-1', forSeconds: 3600, reason: 'beacons' };
  expect((await collectStates(startContainment(kit.backend, { order, planHash: planContainment(kit.backend, order).hash, confirmWithinSeconds: 60 }))).at(-1)?.outcome).toBe('confirmed');
});

test('a push that outlasts its window begins no further host once it is over, and says so', async () => {
  await aClosedShop();
  kit.clock.nowMs = Date.UTC(2026, 10, 22, 3, 50);
  const push = (await kit.push({ waves: { sizes: [{ hosts: 1 }], first: [], zones: [], pauseSeconds: 900 } })).at(-1);
  expect([push?.outcome, push?.hosts.map(({ hostName, step }) => `${hostName} ${step}`)]).toEqual(['partly', ['host-1 confirmed', 'host-2 skipped']]);
  expect(push?.hosts[1]?.detail).toBe('the maintenance window of zone shop is over (closed, opens Sat 2026-11-28 22:00 UTC): the push stopped before this host was loaded');
});

test('a window for a zone that there is not is refused; one of a zone that was removed may stay', async () => {
  await aClosedShop();
  expect(() => setWindows('shop=Sat 22:00-04:00 UTC', 'crm=Sat 22:00-04:00 UTC')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  kit.setPolicy({ ...aShop('test'), zones: [] });
  expect(setWindows('shop=Sat 22:00-04:00 UTC').maintenance).toHaveLength(1);
});
