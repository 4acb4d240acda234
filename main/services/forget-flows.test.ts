import { afterEach, beforeEach, expect, test } from 'vitest';
import { listAudit } from '../db/audit-store.ts';
import { insertFlowHistory } from '../db/flow-store.ts';
import { countForgettable, forgetOldFlows } from './forget-flows.ts';
import { addHost } from './inventory.ts';
import { makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';
import { changeSettings, readSettings } from './workspace-settings.ts';

const DAY_MS = 86_400_000;
let kit: TestBackend;
beforeEach(() => {
  kit = makeBackend();
  addHost(kit.backend, { name: 'web-1', ssh: null, addresses: ['10.0.0.1'], labels: {}, note: '' });
});
afterEach(() => kit.close());

/** A flow of this port that was seen once on each of these days before now. */
function seen(port: number, ...daysAgo: number[]): void {
  const flow = { reporter: kit.hostId('web-1'), direction: 'in', peerAddress: '10.0.0.2', forwardTo: null, protocol: 'tcp', port, user: null, unit: null, process: null, zone: null, verdict: 'accepted', policyVersion: null } as const;
  kit.backend.workspace.transaction((tx) => insertFlowHistory(tx, flow, daysAgo.map((days) => ({ atMs: TEST_NOW_MS - days * DAY_MS, connections: 10 }))));
}
const keep = (keepFlowDays: 120 | 365 | null) => changeSettings(kit.backend, { ...readSettings(kit.backend), keepFlowDays });
const left = () => kit.backend.workspace.read.all('SELECT port, connections, (SELECT count(*) FROM flow_hours WHERE flow_id = id) AS hours FROM flows ORDER BY port');
const told = () => listAudit(kit.backend.workspace.read, 10, null).filter(({ action }) => action === 'flows.forget').map(({ detail }) => detail);

test('all flows are kept unless somebody says otherwise', async () => {
  seen(80, 4000);
  await forgetOldFlows(kit.backend);
  expect([left().length, told()]).toEqual([1, []]);
});

test('what was not seen since goes, of what was the older hours go and are counted no more, and the audit log says so', async () => {
  seen(80, 500, 130);
  seen(443, 500, 130, 119, 1);
  seen(5432, 2);
  keep(120);
  expect(countForgettable(kit.backend, 120)).toEqual({ beforeMs: Date.UTC(2026, 6, 24), gone: 1, shortened: 1 });
  await forgetOldFlows(kit.backend);
  expect(left()).toEqual([{ port: 443, connections: 20, hours: 2 }, { port: 5432, connections: 10, hours: 1 }]);
  expect(told()).toEqual(['seen before 2026-07-24 (kept for 120 days): 1 flow gone, of 1 other the hours until then']);
});

test('it is done once a day, and the next day what has become too old since', async () => {
  seen(80, 119);
  keep(120);
  await forgetOldFlows(kit.backend);
  seen(443, 300);
  await forgetOldFlows(kit.backend);
  expect(left()).toHaveLength(2);
  kit.clock.nowMs += 2 * DAY_MS;
  await forgetOldFlows(kit.backend);
  expect([left(), told()]).toEqual([[], ['seen before 2026-07-26 (kept for 120 days): 2 flows gone, of 0 others the hours until then']]);
});

test('who makes it keep for longer loses nothing more, and a shorter time counts from the same day on', async () => {
  seen(80, 200);
  keep(365);
  await forgetOldFlows(kit.backend);
  expect(left()).toHaveLength(1);
  keep(120);
  await forgetOldFlows(kit.backend);
  expect(left()).toEqual([]);
});

test('an order to stop leaves the rest for the next time', async () => {
  seen(80, 200);
  keep(120);
  await forgetOldFlows(kit.backend, AbortSignal.abort());
  expect(left()).toHaveLength(1);
  await forgetOldFlows(kit.backend);
  expect(left()).toEqual([]);
});
