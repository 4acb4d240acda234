import { afterEach, beforeEach, expect, test } from 'vitest';
import { aHost } from '../../shared/policy/testing/builders.ts';
import { createRandom } from '../../shared/policy/testing/random.ts';
import { type FlowFilter, iterateStoredFlows } from './flow-query.ts';
import { addToFlow, type FlowDelta } from './flow-store.ts';
import { insertHost } from './host-store.ts';
import { hourOf } from './recording-store.ts';
import { makeWorkspace, type TemporaryWorkspace } from './testing/temporary-workspace.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 10, 21, 12, 34, 56);
const NO_FILTER: FlowFilter = { sinceMs: null, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
const HOST = aHost({ n: 1 });

let at: TemporaryWorkspace;
beforeEach(() => {
  at = makeWorkspace();
});
afterEach(() => at.remove());

test('connections within any window are those of its hours, whether the flow was seen outside of it or not', () => {
  const random = createRandom(7);
  const sightings = Array.from({ length: 150 }, () => ({ port: 1 + random.integer(12), atMs: NOW_MS - random.integer(40) * HOUR_MS - random.integer(HOUR_MS), connections: random.integer(9) }));
  const delta = ({ port, atMs, connections }: (typeof sightings)[number]): FlowDelta => ({ reporter: HOST.id, direction: 'in', peerAddress: '10.0.0.9', forwardTo: null, protocol: 'tcp', port, user: null, unit: null, process: null, zone: null, verdict: 'accepted', policyVersion: null, connections, lastSeenAtMs: atMs });
  at.workspace.transaction((tx) => {
    insertHost(tx, { id: HOST.id, name: HOST.name, ssh: null, note: '', createdAtMs: NOW_MS, handLabels: {}, addresses: [] });
    for (const sighting of sightings) addToFlow(tx, delta(sighting), true);
  });
  const windows = [[null, null], ...Array.from({ length: 25 }, () => [random.chance(0.8) ? NOW_MS - random.integer(45 * HOUR_MS) : null, random.chance(0.5) ? NOW_MS - random.integer(45 * HOUR_MS) : null])] as const;
  let withinAlone = 0;
  for (const [sinceMs, untilMs] of windows) {
    const isIn = (atMs: number) => hourOf(atMs) >= hourOf(sinceMs ?? 0) && hourOf(atMs) <= (untilMs ?? Number.MAX_SAFE_INTEGER);
    for (const flow of iterateStoredFlows(at.workspace.read, { ...NO_FILTER, sinceMs: sinceMs ?? null, untilMs: untilMs ?? null })) {
      const own = sightings.filter(({ port }) => port === flow.port);
      expect(flow.connections).toBe(own.filter(({ atMs }) => isIn(atMs)).reduce((sum, { connections }) => sum + connections, 0));
      if (own.every(({ atMs }) => isIn(atMs))) withinAlone += 1;
    }
  }
  expect(withinAlone).toBeGreaterThan(25);
});
