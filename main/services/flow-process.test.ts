import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HostId } from '../../shared/model/ids.ts';
import { listStoredFlows } from '../db/flow-query.ts';
import { areOfOneCollection, findListenerProcess } from './flow-process.ts';
import { ingestDrain } from './ingest.ts';
import { snapshotLine, type TestSnapshot } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const START_MS = TEST_NOW_MS - 36_000_000;
let at: TestBackend;
let web: HostId;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1');
  web = at.hostId('web-1');
});
afterEach(() => at.close());

const NO_FILTER = { sinceMs: null, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
const ingest = (snapshot: TestSnapshot) => ingestDrain(at.backend, web, [snapshotLine(snapshot)]);
const processes = () => listStoredFlows(at.backend.workspace.read, NO_FILTER, { limit: 9, offset: 0 }).map((f) => [f.process, f.processConfidence]);
const out = (packets: number, name = 'out4') => ({ [name]: [{ key: name === 'out6' ? ['2001:db8::1', 'tcp', 5432, 33, '1234'] : ['10.0.0.9', 'tcp', 5432, 33, '1234'], packets }] });
const open = (process: string, peer = '10.0.0.9') => [peer, 'tcp', 5432, 33, process];

describe('the process of an outgoing flow', () => {
  test('is exact where its socket was seen, inferred where its unit has one name only, else unknown', () => {
    ingest({ seq: 1, atMs: START_MS, sets: out(1) });
    expect(processes()).toEqual([[null, 'unknown']]);
    ingest({ seq: 2, atMs: START_MS + 1000, sets: out(2), processes: { sockets: [], units: [['1234', 33, 'php-fpm']] } });
    expect(processes()).toEqual([['php-fpm', 'inferred']]);
    ingest({ seq: 3, atMs: START_MS + 2000, sets: out(3), processes: { sockets: [open('curl')], units: [['1234', 33, 'php-fpm']] } });
    expect(processes()).toEqual([['curl', 'exact']]);
    ingest({ seq: 4, atMs: START_MS + 3000, sets: out(4), processes: { sockets: [], units: [['1234', 33, 'php-fpm']] } });
    expect(processes()).toEqual([['curl', 'exact']]);
  });

  test('of a connection that has been open for long is found without a new connection', () => {
    ingest({ seq: 1, atMs: START_MS, sets: out(1) });
    ingest({ seq: 2, atMs: START_MS + 1000, sets: out(1), processes: { sockets: [open('java')], units: [] } });
    expect(processes()).toEqual([['java', 'exact']]);
  });

  test('knows IPv6 peers in any spelling', () => {
    ingest({ seq: 1, atMs: START_MS, sets: out(1, 'out6'), processes: { sockets: [open('psql', '2001:db8:0:0:0:0:0:1')], units: [] } });
    expect(processes()).toEqual([['psql', 'exact']]);
  });

  test('is not that of another user, peer or unit', () => {
    const sockets = [['10.0.0.9', 'tcp', 5432, 34, 'a'], ['10.0.0.8', 'tcp', 5432, 33, 'b'], ['10.0.0.9', 'udp', 5432, 33, 'c'], ['10.0.0.9', 'tcp', 5433, 33, 'd']];
    ingest({ seq: 1, atMs: START_MS, sets: out(1), processes: { sockets, units: [['1234', 34, 'e'], ['77', 33, 'f']] } });
    expect(processes()).toEqual([[null, 'unknown']]);
  });

  test('what does not fit is left out, and the snapshot is stored', () => {
    expect(ingest({ seq: 1, atMs: START_MS, sets: out(2), processes: { sockets: [open('x'.repeat(65))], units: [] } })).toMatchObject({ connections: 2, rejected: 0 });
    expect(ingest({ seq: 2, atMs: START_MS + 1, sets: out(3), processes: 'none' })).toMatchObject({ connections: 1 });
    expect(processes()).toEqual([[null, 'unknown']]);
  });
});

test('the process of an incoming flow is that of the only listener, or of several of one name', () => {
  const listener = (process: string | null, port = 443) => ({ protocol: 'tcp', address: '0.0.0.0', port, process, pid: 1, uid: 0, user: 'root', unit: null });
  const element = { protocol: 'tcp', port: 443 };
  expect(findListenerProcess([listener('nginx'), listener('nginx'), listener('sshd', 22)], element, 'exact')).toEqual({ name: 'nginx', confidence: 'exact' });
  expect(findListenerProcess([listener('nginx')], element, 'inferred')).toEqual({ name: 'nginx', confidence: 'inferred' });
  expect(findListenerProcess([listener('nginx'), listener('haproxy')], element, 'exact')).toBeNull();
  expect(findListenerProcess([listener(null)], element, 'exact')).toBeNull();
  expect(findListenerProcess([], element, 'exact')).toBeNull();
});

test.each([
  ['a second later', { at: 1001, bootId: 'a' }, true],
  ['ten minutes later', { at: 1600, bootId: 'a' }, true],
  ['an hour later', { at: 4600, bootId: 'a' }, false],
  ['before them', { at: 999, bootId: 'a' }, false],
  ['after a restart', { at: 1001, bootId: 'b' }, false],
])('facts and a snapshot %s are of one collection or not', (_when, head, expected) => {
  expect(areOfOneCollection({ clock: 1000.7, bootId: 'a' }, head)).toBe(expected);
  expect(areOfOneCollection(null, head)).toBe(false);
});

test('what was blocked has no process, in or out', () => {
  const blocked = { mode: 'enforce', sets: { ...out(4), miss_out4: [{ key: ['10.0.0.9', 'tcp', 5432, 33, '1234'], packets: 4 }] } };
  ingest({ seq: 1, atMs: START_MS, ...blocked, processes: { sockets: [open('curl')], units: [] } });
  expect(listStoredFlows(at.backend.workspace.read, NO_FILTER, { limit: 9, offset: 0 }).map((f) => [f.verdict, f.process])).toEqual([['blocked', null]]);
});
