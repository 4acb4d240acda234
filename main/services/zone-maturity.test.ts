import { afterEach, beforeEach, expect, test } from 'vitest';
import { AgentFacts, AgentStatus } from '../../shared/contract/agent-replies.ts';
import { saveFacts } from '../db/host-state-store.ts';
import { addFigure } from '../db/recording-store.ts';
import { expectParsed } from '../../shared/policy/testing/builders.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';
import { recordStatus } from './agent-record.ts';
import { ingestDrain } from './ingest.ts';
import { snapshotLine, type TestSnapshot } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const HOUR_MS = 3_600_000;
let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web app=shop');
  await addTestHost(at.client, 2, 'db-1', 'role=db app=shop');
  for (const [name, select] of [['front', 'role=web'], ['data', 'role=db']] as const) await at.client.policy.addZone({ name, select: expectParsed(parseSelectorSet(select)), outbound: 'open', note: '' });
  recordStatus(at.backend, at.hostId('web-1'), STATUS);
});
afterEach(() => at.close());

const STATUS = AgentStatus.parse({
  v: 1, agentVersion: '0.1.0', hostId: 'h', bootId: 'b', clock: 1, loaded: true, runningBundle: null, runningMode: null, runningSeq: null, confirmedBundle: null, confirmedSeq: null,
  kernelHash: 'k', expectedKernelHash: 'k', pending: null, last: null, timerEnabled: true, bootUnitEnabled: true, spoolBytes: 0, spoolFiles: 0,
});
const tellTimers = (name: string, timers: AgentFacts['timers'], cron: NonNullable<AgentFacts['cron']> = []) => {
  const facts = AgentFacts.parse({
    v: 1, hostname: '', machineId: '', bootId: '', clock: 0, os: { id: '', version: '', name: '' }, kernel: '', arch: '', nftVersion: '', shell: '', systemd: true,
    addresses: [], ssh: null, resolvers: [], timeServers: [], listening: [], firewalls: [], features: {}, timers, cron, timeZone: 'Europe/Berlin',
  });
  at.backend.workspace.transaction((tx) => saveFacts(tx, at.hostId(name), facts, TEST_NOW_MS));
};
const observe = (name: string, hours: number) =>
  at.backend.workspace.transaction((tx) => {
    for (let back = 1; back <= hours; back++) addFigure(tx, at.hostId(name), TEST_NOW_MS - back * HOUR_MS, 'snapshots', 1);
  });
const ingest = (name: string, snapshot: TestSnapshot) => ingestDrain(at.backend, at.hostId(name), [snapshotLine(snapshot)]);
const maturity = async () => (await at.client.policy.maturity({})).map(({ zone, state, keys, missing }) => ({ zone, state, keys, missing }));
const failing = async (mode: 'test' | 'enforce') =>
  (await at.client.policy.readiness({ name: 'front', mode })).filter(({ check }) => /timers|new-flows|weekdays/.test(check)).map(({ check, state, text }) => `${state} ${check}: ${text}`);

test('a zone whose hosts have no agent learns nothing, and says so', async () => {
  expect(await maturity()).toEqual([
    { zone: 'front', state: 'learning', keys: 0, missing: ['0 hours observed on the host with the least; 24 are wanted', 'no flow was seen yet'] },
    { zone: 'data', state: 'learning', keys: 0, missing: ['no host of the zone has an agent, so nothing is observed', 'no flow was seen yet'] },
  ]);
});

test('peers that are hosts count each, strangers and lists once, whatever the process', async () => {
  const seenAtMs = TEST_NOW_MS - 200 * HOUR_MS;
  const keys = [['10.0.0.2', '1'], ['10.0.0.2', '2'], ['203.0.113.1', '1'], ['203.0.113.2', '1']].map(([address = '', unit = '']) => ({ key: [address, 'tcp', 443, unit], packets: 3 }));
  ingest('web-1', { seq: 1, atMs: seenAtMs, sets: { in4: keys } });
  observe('web-1', 240);
  expect((await maturity())[0]).toEqual({ zone: 'front', state: 'stable', keys: 2, missing: [] });
});

test('a timer that has not fired blocks enforce by name and warns before test; its clock is that of the host in seconds', async () => {
  ingest('web-1', { seq: 1, atMs: TEST_NOW_MS - 200 * HOUR_MS, sets: { in4: [{ key: ['10.0.0.2', 'tcp', 443, '1'], packets: 3 }] } });
  observe('web-1', 240);
  const seconds = (hours: number) => (TEST_NOW_MS + hours * HOUR_MS) / 1000;
  tellTimers('web-1', [
    { unit: 'backup.timer', lastFiredAt: seconds(-2), nextFiresAt: seconds(22) },
    { unit: 'fstrim.timer', lastFiredAt: seconds(-300), nextFiresAt: seconds(24) },
  ]);
  expect((await maturity())[0]).toMatchObject({ state: 'stabilizing', missing: [expect.stringContaining('fstrim.timer on web-1 (next 2026-11-22 12:00Z)')] });
  expect(await failing('test')).toEqual([
    expect.stringMatching(/^ok new-flows: 0 new flow keys a day/),
    'ok weekdays-covered: every weekday was observed on every host',
    'warning timers-not-fired: not fired since observation began: fstrim.timer on web-1 (next 2026-11-22 12:00Z)',
  ]);
  expect((await failing('enforce'))[2]).toMatch(/^blocker timers-not-fired/);
});

test('a cron job whose time has not come since observation began blocks enforce as a timer does, by the host’s own time zone', async () => {
  observe('web-1', 240);
  const job = { user: 'backup', zone: null, name: 'pg_backup' };
  tellTimers('web-1', [], [{ ...job, schedule: '30 2 * * *' }, { ...job, schedule: '30 2 1 * *', name: 'monthly-dump' }]);
  expect((await failing('enforce'))[2]).toBe('blocker timers-not-fired: not fired since observation began: cron job monthly-dump of backup on web-1 (next 2026-12-01 01:30Z)');
});

test('missing weekdays and many new flows are told, and do not block', async () => {
  const fresh = Array.from({ length: 5 }, (_, port) => ({ key: ['10.0.0.2', 'tcp', 1000 + port, '1'], packets: 3 }));
  ingest('web-1', { seq: 1, atMs: TEST_NOW_MS - HOUR_MS, sets: { in4: fresh } });
  observe('web-1', 50);
  expect((await failing('enforce')).filter((text) => !text.startsWith('ok'))).toEqual([
    'warning new-flows: 1.7 new flow keys a day in the last 3 days, of 5 known; 1 at most are wanted',
    'warning weekdays-covered: 1 of 7 weekdays observed on every host; missing Sun, Mon, Tue, Wed, Thu, Sat (UTC)',
  ]);
});
