import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FirebreakError } from '../../shared/errors.ts';
import type { AlertView } from '../../shared/contract/alerts.ts';
import { saveLatency } from '../db/footprint-store.ts';
import { saveStatus } from '../db/host-state-store.ts';
import { noteFootprint } from './alert-footprint.ts';
import { MAX_LIVE_ALERTS } from './alert-raise.ts';
import { listAlertViews } from './alert-views.ts';
import { recordFacts, recordFailure, recordStatus } from './agent-record.ts';
import { storeEvents } from './host-events.ts';
import { ingestDrain } from './ingest.ts';
import { someFacts } from './testing/some-facts.ts';
import { aStatus } from './testing/a-status.ts';
import { snapshotLine, type TestElement, type TestSnapshot } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
let seq = 0;
beforeEach(async () => {
  at = makeBackend();
  seq = 0;
  await addTestHost(at.client, 1, 'web-1');
  await addTestHost(at.client, 2, 'db-1');
});
afterEach(() => at.close());

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const web = () => at.hostId('web-1');
const ingest = (snapshot: Omit<TestSnapshot, 'seq' | 'atMs'>) => {
  seq += 1;
  ingestDrain(at.backend, web(), [snapshotLine({ seq, atMs: at.clock.nowMs, mode: 'enforce', ...snapshot })]);
};
const seen = (address: string, port: number, packets: number): TestElement => ({ key: [address, 'tcp', port, '1234'], packets });
/** Refused connections: in the recording set of misses. */
const refused = (...elements: TestElement[]) => ({ sets: { miss_in4: elements } });
const alerts = () => listAlertViews(at.backend, { settled: true });
const brief = ({ kind, state, title, count }: AlertView) => [kind, state, title, count];
const unreachable = () => new FirebreakError('HOST_UNREACHABLE', { host: 'web-1', address: '10.0.0.1', port: 22, detail: 'refused' });

describe('a blocked flow', () => {
  test('is told once a pair and service, and counted as often as it comes', () => {
    ingest(refused(seen('10.0.0.2', 5432, 3)));
    ingest(refused(seen('10.0.0.2', 5432, 5), seen('10.0.0.2', 22, 1)));
    expect(alerts().map(brief).toSorted()).toEqual([
      ['flow-blocked', 'open', 'db-1 → web-1 tcp/22', 1],
      ['flow-blocked', 'open', 'db-1 → web-1 tcp/5432', 5],
    ]);
  });

  test('that was blocked before anybody kept alerts is not new', () => {
    ingest(refused(seen('10.0.0.2', 5432, 3)));
    at.backend.workspace.transaction((tx) => tx.run('DELETE FROM alerts'));
    ingest(refused(seen('10.0.0.2', 5432, 9)));
    expect(alerts()).toEqual([]);
  });

  test('settles when it is let through again, and is open again, unacknowledged, when it is blocked once more', async () => {
    ingest(refused(seen('10.0.0.2', 5432, 3)));
    await at.client.alerts.acknowledge({ ids: [alerts()[0]?.id ?? 0], note: 'asked the shop team' });
    at.clock.nowMs += HOUR_MS;
    ingest({ sets: { in4: [seen('10.0.0.2', 5432, 4)] } });
    expect(alerts()).toMatchObject([{ state: 'settled', settled: { why: 'let through again since it was last blocked' } }]);
    at.clock.nowMs += HOUR_MS;
    ingest(refused(seen('10.0.0.2', 5432, 8)));
    expect(alerts()).toMatchObject([{ state: 'open', acknowledged: null, settled: null }]);
  });

  test('from public addresses is one alert for each service that listens and one for all other ports', () => {
    recordFacts(at.backend, web(), someFacts({ ports: [443] }));
    ingest(refused(...Array.from({ length: 200 }, (_, i) => seen(`8.8.${i}.4`, 1000 + i, 1)), seen('9.9.9.9', 443, 2), seen('8.8.8.8', 443, 1)));
    expect(alerts().map(brief).toSorted()).toEqual([
      ['flow-blocked', 'open', 'public addresses → web-1 other ports', 200],
      ['flow-blocked', 'open', 'public addresses → web-1 tcp/443', 3],
    ]);
  });

  test('of a host that is flooded is kept within a bound, and the rest is counted', () => {
    ingest(refused(...Array.from({ length: MAX_LIVE_ALERTS + 50 }, (_, i) => seen('10.0.0.2', 1000 + i, 2))));
    expect(alerts()).toHaveLength(MAX_LIVE_ALERTS + 1);
    expect(alerts().find(({ subject }) => subject.kind === 'more')).toMatchObject({ title: 'and 50 more new blocked flows at web-1', count: 50 });
    ingest(refused(...Array.from({ length: MAX_LIVE_ALERTS + 51 }, (_, i) => seen('10.0.0.2', 1000 + i, 4))));
    expect(alerts().find(({ subject }) => subject.kind === 'more')).toMatchObject({ count: 51 });
  });

  test('that does not come again settles after the days of the settings, once the host reports', () => {
    ingest(refused(seen('10.0.0.2', 5432, 3)));
    at.clock.nowMs += 14 * DAY_MS + 1;
    expect(alerts()).toMatchObject([{ state: 'open' }]);
    ingest({});
    expect(alerts()).toMatchObject([{ state: 'settled', settled: { why: expect.stringContaining('14 days') } }]);
  });
});

describe('a listening service', () => {
  test('is new against the facts before, never against none, and settles when it is gone', () => {
    recordFacts(at.backend, web(), someFacts({ ports: [22] }));
    expect(alerts()).toEqual([]);
    recordFacts(at.backend, web(), someFacts({ ports: [22, 8080] }));
    expect(alerts().map(brief)).toEqual([['service-new', 'open', 'web-1 listens on tcp/8080 (p8080)', 1]]);
    recordFacts(at.backend, web(), someFacts({ ports: [22] }));
    expect(alerts()).toMatchObject([{ state: 'settled', settled: { why: 'nothing listens there any more' } }]);
  });

  test('on loopback, or on a high UDP port, is nobody’s business', () => {
    recordFacts(at.backend, web(), someFacts({ ports: [22] }));
    const facts = someFacts({ ports: [22] });
    const [ssh] = facts.listening;
    if (ssh === undefined) throw new Error('no listener');
    recordFacts(at.backend, web(), { ...facts, listening: [ssh, { ...ssh, address: '127.0.0.1', port: 6379 }, { ...ssh, protocol: 'udp', port: 40_000 }] });
    expect(alerts()).toEqual([]);
  });
});

describe('what a host is asked', () => {
  test('no answer is told of a host that has an agent, and settles when it reports again', () => {
    recordFailure(at.backend, web(), unreachable());
    expect(alerts()).toEqual([]);
    recordStatus(at.backend, web(), aStatus(web()));
    recordFailure(at.backend, web(), unreachable());
    expect(alerts().map(brief)).toEqual([['agent-silent', 'open', 'web-1 does not answer', 1]]);
    recordStatus(at.backend, web(), aStatus(web()));
    expect(alerts()).toMatchObject([{ state: 'settled', settled: { why: 'the agent reports again' } }]);
  });

  test('with hours set, no answer is told only of who was not heard for so long', async () => {
    await at.client.alerts.setSettings({ ...(await at.client.alerts.settings({})), silentAfterHours: 4 });
    recordStatus(at.backend, web(), aStatus(web()));
    at.clock.nowMs += 3 * HOUR_MS;
    recordFailure(at.backend, web(), unreachable());
    expect(alerts()).toEqual([]);
    at.clock.nowMs += HOUR_MS;
    recordFailure(at.backend, web(), unreachable());
    expect(alerts()).toHaveLength(1);
  });

  test('a changed host key is tampering, and a password that is missing is nothing', () => {
    recordStatus(at.backend, web(), aStatus(web()));
    recordFailure(at.backend, web(), new FirebreakError('SSH_PASSWORD_NEEDED', { host: 'web-1', user: 'ops' }));
    recordFailure(at.backend, web(), new FirebreakError('HOST_KEY_CHANGED', { host: 'web-1', pinned: 'SHA256:a', presented: 'SHA256:b' }));
    expect(alerts().map(brief)).toEqual([['tampered', 'open', 'web-1 shows another SSH key', 1]]);
  });

  test('rules that are not as they were loaded, and units that are off, are drift until they are right again', () => {
    recordStatus(at.backend, web(), { ...aStatus(web()), kernelHash: 'f'.repeat(64), timerEnabled: false });
    expect(alerts().map(({ title }) => title).toSorted()).toEqual(['web-1: its rules are not as they were loaded', 'web-1: its timers are off']);
    recordStatus(at.backend, web(), { ...aStatus(web()), timerEnabled: false });
    expect(alerts().filter(({ state }) => state === 'open').map(({ title }) => title)).toEqual(['web-1: its timers are off']);
  });

  test('tampering that the host recorded stays open, though the host put itself right', () => {
    const line = (n: number, event: string) => JSON.stringify({ v: 1, seq: n, at: TEST_NOW_MS / 1000, event, fields: { what: 'rules', difference: '-chain allow_in' } });
    storeEvents(at.backend, { id: web(), name: 'web-1' }, [line(1, 'tampered'), line(2, 'restored'), line(3, 'tampered')], 9);
    recordStatus(at.backend, web(), aStatus(web()));
    expect(alerts()).toMatchObject([{ kind: 'tampered', state: 'open', count: 2, title: 'rules of web-1 were changed on the host' }]);
  });

  test('a footprint beyond its threshold is told, settles below, and is held against a new threshold at once', async () => {
    const latency = { measuredAtMs: 0, bundle: null, connects: 2000, withoutP50Us: 10, withoutP99Us: 20, withP50Us: 10, withP99Us: 5_020 };
    at.backend.workspace.transaction((tx) => {
      saveLatency(tx, web(), latency);
      noteFootprint(at.backend, tx, web());
    });
    expect(alerts().map(({ title }) => title)).toEqual(['web-1: its rules add 5 ms to a connect, more than 2 ms']);
    await at.client.alerts.setSettings({ ...(await at.client.alerts.settings({})), addedLatencyMs: 6 });
    expect(alerts()).toMatchObject([{ state: 'settled' }]);
    await at.client.alerts.setSettings({ ...(await at.client.alerts.settings({})), addedLatencyMs: 4 });
    expect(alerts()).toMatchObject([{ state: 'open', title: 'web-1: its rules add 5 ms to a connect, more than 4 ms' }]);
  });
});

test('a rush of connections far beyond the busiest hour is told once an hour, and settles when a later hour is as usual', () => {
  const START_MS = TEST_NOW_MS - 40 * HOUR_MS;
  let packets = 0;
  const hour = (index: number, connections: number) => {
    packets += connections;
    at.clock.nowMs = START_MS + index * HOUR_MS;
    ingest({ mode: 'observe', sets: { in4: [seen('10.0.0.2', 443, packets)] } });
  };
  for (let index = 0; index < 30; index += 1) hour(index, 100);
  hour(30, 2_000);
  expect(alerts().map(brief)).toEqual([['connection-rate', 'open', 'web-1: 2,000 incoming connections in an hour, 100 in its busiest before', 1]]);
  hour(31, 90);
  expect(alerts()).toMatchObject([{ state: 'settled', settled: { why: 'back to 90 connections an hour' } }]);
});

test('counts are those of the alerts that are listed, whatever became of them', async () => {
  ingest(refused(seen('10.0.0.2', 5432, 3), seen('10.0.0.2', 22, 1)));
  recordStatus(at.backend, web(), { ...aStatus(web()), timerEnabled: false, loaded: false });
  recordStatus(at.backend, web(), { ...aStatus(web()), timerEnabled: false });
  await at.client.alerts.acknowledge({ ids: [alerts().find(({ kind }) => kind === 'flow-blocked')?.id ?? 0], note: '' });
  await at.client.alerts.mute({ kind: null, hostName: 'web-1', zone: null, untilMs: at.clock.nowMs + HOUR_MS, note: '' });
  const { rows, counts } = await at.client.alerts.list({ states: null, kind: null, host: null, zone: null, text: null, limit: 100 });
  expect(counts).toEqual({ open: 0, acknowledged: 1, muted: 2, settled: 1 });
  expect(rows.map(({ state }) => state).toSorted()).toEqual(['acknowledged', 'muted', 'muted', 'settled']);
  at.clock.nowMs += HOUR_MS;
  expect(await at.client.alerts.counts({})).toEqual({ open: 2, acknowledged: 1, muted: 0, settled: 1 });
});

test('an alert of a host that was removed is gone with it', async () => {
  at.backend.workspace.transaction((tx) => saveStatus(tx, web(), aStatus(web()), at.clock.nowMs));
  recordFailure(at.backend, web(), unreachable());
  await at.client.hosts.remove({ name: 'web-1', force: true });
  expect(alerts()).toEqual([]);
});
