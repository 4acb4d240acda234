import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { saveFacts } from '../db/host-state-store.ts';
import { ingestDrain } from './ingest.ts';
import { readListening } from './listening-use.ts';
import { snapshotLine, type TestSnapshot } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const HOUR_MS = 3_600_000;
const START_MS = TEST_NOW_MS - 10 * HOUR_MS;
let at: TestBackend;
let web: HostId;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1');
  web = at.hostId('web-1');
});
afterEach(() => at.close());

const listensOn = (...ends: [string, number, string?][]) => {
  const listening: AgentFacts['listening'] = ends.map(([address, port, protocol = 'tcp']) => ({ protocol, address, port, process: 'app', pid: 1, uid: 0, user: 'root', unit: null }));
  const nothing = { machineId: '', bootId: '', clock: 0, kernel: '', arch: '', nftVersion: '', shell: '', addresses: [], resolvers: [], timeServers: [], firewalls: [], features: {}, timers: [] };
  const facts: AgentFacts = { ...nothing, v: 1, hostname: 'web-1', os: { id: '', version: '', name: '' }, systemd: true, ssh: null, listening };
  at.backend.workspace.transaction((tx) => saveFacts(tx, web, facts, 1));
};
const ingest = (...snapshots: TestSnapshot[]) => ingestDrain(at.backend, web, snapshots.map(snapshotLine));
const from = (peer: string, port: number, packets = 1, protocol = 'tcp') => ({ key: [peer, protocol, port, '1234'], packets });
const uses = () => readListening(at.backend, web).services.map((s) => [s.port, s.everConnected, s.peers, s.connections]);

test('a service knows its peers and when the first and the last of them came', () => {
  listensOn(['0.0.0.0', 443]);
  ingest(
    { seq: 1, atMs: START_MS, sets: { in4: [from('10.0.0.8', 443, 2)] } },
    { seq: 2, atMs: START_MS + HOUR_MS, sets: { in4: [from('10.0.0.8', 443, 3), from('10.0.0.9', 443)], in4x: [{ key: ['10.0.0.9', 'tcp', 443], packets: 4 }] } },
  );
  expect(readListening(at.backend, web).services).toMatchObject([{ everConnected: true, peers: 2, connections: 8, firstConnectedAtMs: START_MS, lastConnectedAtMs: START_MS + HOUR_MS }]);
});

test('a service that nobody reached is told from one that cannot be known', () => {
  listensOn(['0.0.0.0', 80], ['127.0.0.1', 5432], ['::1', 25]);
  expect(uses()).toEqual([[80, null, 0, 0], [5432, null, 0, 0], [25, null, 0, 0]]);
  ingest({ seq: 1, atMs: START_MS, sets: {} });
  expect(uses()).toEqual([[80, false, 0, 0], [5432, null, 0, 0], [25, null, 0, 0]]);
  expect(readListening(at.backend, web).sinceMs).toBe(Math.floor(START_MS / HOUR_MS) * HOUR_MS);
});

test('a refused connection reached nobody; one that only a test refused did', () => {
  listensOn(['0.0.0.0', 80], ['0.0.0.0', 81]);
  ingest({ seq: 1, atMs: START_MS, mode: 'enforce', sets: { miss_in4: [from('10.0.0.8', 80)] } });
  ingest({ seq: 2, atMs: START_MS + HOUR_MS, mode: 'test', epoch: 'e2', sets: { in4: [from('10.0.0.8', 81)], miss_in4: [from('10.0.0.8', 81)] } });
  expect(uses()).toEqual([[80, false, 0, 0], [81, true, 1, 1]]);
});

test('peers are counted for the family and the protocol that the socket takes', () => {
  listensOn(['0.0.0.0', 53, 'udp'], ['0.0.0.0', 53], ['::', 53], ['2001:db8::1', 53]);
  ingest({ seq: 1, atMs: START_MS, sets: { in4: [from('10.0.0.8', 53, 1, 'udp'), from('10.0.0.9', 53)], in6: [from('2001:db8::9', 53)] } });
  expect(uses().map(([, , peers]) => peers)).toEqual([1, 1, 2, 1]);
});
