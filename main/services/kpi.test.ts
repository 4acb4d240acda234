import { existsSync } from 'node:fs';
import { setImmediate as aTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { insertFlowHistory } from '../db/flow-store.ts';
import { readKpiReport, readKpiReportInTurns } from './kpi.ts';
import { readKpiTrends } from './kpi-trend.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const HOUR_MS = 3_600_000;
let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1');
  see('would-block', 0, 1100);
});
afterEach(() => at.close());

/** So many flows to ports from there on. */
function see(verdict: 'accepted' | 'would-block' | 'blocked', from: number, count: number): void {
  const reporter = at.hostId('web-1');
  at.backend.workspace.transaction((tx) => {
    for (let n = from; n < from + count; n++) {
      const flow = { reporter, direction: 'in', peerAddress: '10.0.0.9', forwardTo: null, protocol: 'tcp', port: 1 + n, user: null, unit: null, process: null, zone: null, verdict, policyVersion: null } as const;
      insertFlowHistory(tx, flow, [{ atMs: TEST_NOW_MS - 2 * HOUR_MS, connections: 3 }]);
    }
  });
}

test('computed in turns with others, the figures are those that are computed at once', async () => {
  expect(await readKpiReportInTurns(at.backend)).toEqual(readKpiReport(at.backend, null));
});

test('others get their turn, and the figures are of the moment in which they were asked for', async () => {
  const before = readKpiReport(at.backend, null);
  const computing = readKpiReportInTurns(at.backend);
  await aTurn();
  see('blocked', 5000, 600);
  expect(await computing).toEqual(before);
  expect(readKpiReport(at.backend, null)).not.toEqual(before);
});

test('who asks again while the figures are computed gets the same ones, whatever was collected meanwhile', async () => {
  const first = readKpiTrends(at.backend);
  await aTurn();
  see('blocked', 5000, 600);
  const second = readKpiTrends(at.backend);
  expect(await second).toBe(await first);
});

test('a workspace that is closed while they are computed is closed whole: nothing is left beside the file', async () => {
  const computing = readKpiTrends(at.backend);
  const refused = expect(computing).rejects.toMatchObject({ code: 'ABORTED' });
  await aTurn();
  await at.backend.close();
  await refused;
  expect(existsSync(`${at.path}-wal`)).toBe(false);
});

test('the figures of a day are stored without making anything else read again', async () => {
  const stamp = at.backend.workspace.changeStamp();
  await readKpiTrends(at.backend);
  expect(at.backend.workspace.read.all('SELECT * FROM kpi_days')).toHaveLength(1);
  expect(at.backend.workspace.changeStamp()).toBe(stamp);
});
