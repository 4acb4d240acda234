import { setImmediate as aTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FIRST_PERIOD_MS, sinceOfPeriod } from '../../shared/contract/map-query.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { insertFlowHistory } from '../db/flow-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { prepareFlatMap, readFlatMap } from './map-flat.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';
import { warmUp } from './warm-up.ts';

const HOUR_MS = 3_600_000;
const SINCE_MS = sinceOfPeriod(FIRST_PERIOD_MS, TEST_NOW_MS);
const forever = new AbortController().signal;
/** More than are judged in one step, several times. */
const FLOWS = 1000;

let at: TestBackend;
let reporter: HostId;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1');
  reporter = at.hostId('web-1');
  at.backend.workspace.transaction((tx) => {
    for (let n = 0; n < FLOWS; n++) seen(tx, `198.51.100.${n % 250}`, 1000 + Math.floor(n / 250));
  });
});
afterEach(() => at.close());

function seen(tx: WriteDb, peerAddress: string, port: number): void {
  const flow = { reporter, direction: 'out', peerAddress, forwardTo: null, protocol: 'tcp', port, user: null, unit: null, process: null, zone: null, verdict: 'accepted', policyVersion: null } as const;
  insertFlowHistory(tx, flow, [{ atMs: TEST_NOW_MS - 2 * HOUR_MS, connections: 3 }]);
}

const edgesOf = (sinceMs: number | null) => readFlatMap(at.backend, sinceMs).edges;

test('the first map is there before it is asked for, as it is when it is made at once', async () => {
  await prepareFlatMap(at.backend, forever);
  const prepared = edgesOf(SINCE_MS);
  expect(edgesOf(SINCE_MS)).toBe(prepared);
  at.backend.workspace.transaction((tx) => tx.run("UPDATE hosts SET note = 'written'"));
  const anew = edgesOf(SINCE_MS);
  expect(anew).not.toBe(prepared);
  expect(prepared).toEqual(anew);
});

test('who cannot wait takes what is left at once, and the preparation ends with the same', async () => {
  const preparing = prepareFlatMap(at.backend, forever);
  await aTurn();
  const edges = edgesOf(SINCE_MS);
  await preparing;
  expect(edges).toHaveLength(4);
  expect(edgesOf(SINCE_MS)).toBe(edges);
});

test('what is written meanwhile is never missing from the map', async () => {
  const preparing = prepareFlatMap(at.backend, forever);
  await aTurn();
  at.backend.workspace.transaction((tx) => seen(tx, '203.0.113.9', 22));
  await preparing;
  expect(edgesOf(SINCE_MS).map(({ port }) => port)).toContain(22);
});

test('another period that is asked for meanwhile is answered, and the first one afterwards, too', async () => {
  const preparing = prepareFlatMap(at.backend, forever);
  await aTurn();
  expect(edgesOf(TEST_NOW_MS - HOUR_MS)).toEqual([]);
  await preparing;
  expect(edgesOf(SINCE_MS)).toHaveLength(4);
});

test('a change of the draft makes another map', async () => {
  await prepareFlatMap(at.backend, forever);
  const before = edgesOf(SINCE_MS);
  await at.client.policy.addZone({ name: 'all', select: { include: [{ terms: [{ key: 'app', op: '!=', values: ['none'] }] }], exclude: [] }, outbound: 'restricted', note: '' });
  expect(edgesOf(SINCE_MS)).not.toBe(before);
});

test('warming up ends when it is told to, also when the workspace is closed by then', async () => {
  const other = makeBackend();
  const abort = new AbortController();
  const warming = warmUp(other.backend, abort.signal);
  abort.abort();
  await other.close();
  await warming;
  await warmUp(other.backend, abort.signal);
  await expect(other.client.flows.map({ sinceMs: null })).rejects.toThrow();
});
