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

type Verdict = 'accepted' | 'would-block';
/** A flow of this port, seen at each of these times before now. */
function seenAt(port: number, agoMs: readonly number[], { verdict = 'accepted', peer = '10.0.0.2' }: { verdict?: Verdict; peer?: string } = {}): void {
  const flow = { reporter: kit.hostId('web-1'), direction: 'in', peerAddress: peer, forwardTo: null, protocol: 'tcp', port, user: null, unit: null, process: null, zone: null, verdict, policyVersion: null } as const;
  kit.backend.workspace.transaction((tx) => insertFlowHistory(tx, flow, agoMs.map((ms) => ({ atMs: TEST_NOW_MS - ms, connections: 10 }))));
}
const seen = (port: number, ...daysAgo: number[]): void => seenAt(port, daysAgo.map((days) => days * DAY_MS));
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
  seen(5432, 0);
  keep(120);
  expect(countForgettable(kit.backend, 120)).toEqual({ beforeMs: Date.UTC(2026, 6, 24), gone: 1, shortened: 1 });
  await forgetOldFlows(kit.backend);
  expect(left()).toEqual([{ port: 443, connections: 20, hours: 2 }, { port: 5432, connections: 10, hours: 1 }]);
  expect(told()).toEqual(['seen before 2026-07-24 (kept for 120 days): 1 flow gone, of 1 other the hours until then']);
});

test('it is done once a day, and the next day what has become too old since', async () => {
  seen(80, 119);
  seen(5432, 0);
  keep(120);
  await forgetOldFlows(kit.backend);
  seen(443, 300);
  await forgetOldFlows(kit.backend);
  expect(left()).toHaveLength(3);
  kit.clock.nowMs += 2 * DAY_MS;
  seen(22, -2);
  await forgetOldFlows(kit.backend);
  expect([left().length, told()]).toEqual([2, ['seen before 2026-07-26 (kept for 120 days): 2 flows gone, of 0 others the hours until then']]);
});

test('who makes it keep for longer loses nothing more, and a shorter time counts from the same day on', async () => {
  seen(80, 200);
  seen(5432, 0);
  keep(365);
  await forgetOldFlows(kit.backend);
  expect(left()).toHaveLength(2);
  keep(120);
  await forgetOldFlows(kit.backend);
  expect(left()).toMatchObject([{ port: 5432 }]);
});

test('a run that is cut off goes on the next time, and what it took away is told with the rest', async () => {
  const hourly = Array.from({ length: 5200 }, (_, hour) => 130 * DAY_MS + (5200 - hour) * 3_600_000);
  for (const port of [80, 81, 82]) seenAt(port, hourly);
  seen(5432, 0);
  keep(120);
  const stop = new AbortController();
  const cut = forgetOldFlows(kit.backend, stop.signal);
  // After the first transaction, which a flow of so many hours fills.
  setImmediate(() => stop.abort());
  await cut;
  expect([left().length, told()]).toEqual([3, []]);
  await forgetOldFlows(kit.backend);
  expect([left().length, told()]).toEqual([1, ['seen before 2026-07-24 (kept for 120 days): 3 flows gone, of 0 others the hours until then']]);
});

test('a workspace that is closed meanwhile, or was before, ends it without a failure', async () => {
  seen(80, 200);
  seen(5432, 0);
  keep(120);
  const running = forgetOldFlows(kit.backend);
  await kit.backend.close();
  await expect(running).resolves.toBeUndefined();
  await expect(forgetOldFlows(kit.backend)).resolves.toBeUndefined();
});

test('since when a flow is known, and its count, agree with the hours that are left', async () => {
  seen(443, 500, 119, 1);
  keep(120);
  await forgetOldFlows(kit.backend);
  expect(kit.backend.workspace.read.one('SELECT first_seen_at_ms AS first FROM flows')).toEqual({ first: Math.floor((TEST_NOW_MS - 119 * DAY_MS) / 3_600_000) * 3_600_000 });
  expect(countForgettable(kit.backend, 120)).toMatchObject({ gone: 0, shortened: 0 });
});

test('what a zone in test would have refused stays, since readiness waits until somebody has looked at it', async () => {
  seenAt(80, [500 * DAY_MS], { verdict: 'would-block' });
  seen(5432, 0);
  keep(120);
  await forgetOldFlows(kit.backend);
  expect([left().length, countForgettable(kit.backend, 120).gone]).toEqual([2, 0]);
});

test('an address that no flow has any more is found nowhere', async () => {
  seenAt(80, [200 * DAY_MS], { peer: '203.0.113.9' });
  seenAt(81, [200 * DAY_MS]);
  seen(443, 1);
  keep(120);
  await forgetOldFlows(kit.backend);
  expect(kit.backend.workspace.read.all('SELECT address FROM flow_peers')).toEqual([{ address: '10.0.0.2' }]);
});

test('a computer whose clock is years ahead forgets nothing that it should not', async () => {
  seen(80, 100, 1);
  keep(120);
  kit.clock.nowMs += 3 * 365 * DAY_MS;
  await forgetOldFlows(kit.backend);
  expect(left()).toEqual([{ port: 80, connections: 20, hours: 2 }]);
});
