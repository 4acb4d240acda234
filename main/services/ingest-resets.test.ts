import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listStoredFlows } from '../db/flow-query.ts';
import { ingestDrain } from './ingest.ts';
import { snapshotLine, type TestSnapshot } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS } from './testing/test-backend.ts';

const HOUR_MS = 3_600_000;
const LIFETIME_HOURS = 24;
const NO_FILTER = { sinceMs: null, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };

/** What happens before a snapshot: time passes, perhaps the sets are made anew (reboot, reload, table re-made), then connections come. */
type Step = { hours: number; isRemade: boolean; connections: number; isTakenTwice: boolean };
type Told = { snapshots: TestSnapshot[]; came: number; /** Of an element that ended and came again since the last snapshot, nobody can tell. */ unclear: number };

/** One element of a set as a kernel keeps it: it counts up, ends a day after its last connection, and is gone with its table. */
function kernelStory(steps: readonly Step[]): Told {
  const told: Told = { snapshots: [], came: 0, unclear: 0 };
  let [hour, counter, lastHour, epoch, before] = [0, 0, 0, 0, 0];
  steps.forEach((step, index) => {
    hour += step.hours;
    if (counter > 0 && hour - lastHour >= LIFETIME_HOURS) {
      if (step.connections > 0) told.unclear += before;
      counter = 0;
    }
    if (step.isRemade) [counter, epoch] = [0, epoch + 1];
    counter += step.connections;
    told.came += step.connections;
    if (step.connections > 0) lastHour = hour;
    before = counter;
    const secondsAgo = (hour - lastHour) * 3600;
    const sets = counter === 0 ? {} : { in4: [{ key: ['10.0.0.9', 'tcp', 443, '1234'], packets: counter, secondsAgo }] };
    const snapshot = { seq: index + 1, atMs: TEST_NOW_MS - 2000 * HOUR_MS + hour * HOUR_MS, epoch: `e${epoch}`, sets };
    told.snapshots.push(snapshot, ...(step.isTakenTwice ? [snapshot] : []));
  });
  return told;
}

const steps = fc.array(fc.record({ hours: fc.integer({ min: 1, max: 30 }), isRemade: fc.boolean(), connections: fc.nat(20), isTakenTwice: fc.boolean() }), { minLength: 1, maxLength: 25 });

test('whatever resets a counter, no connection is counted twice, none negatively, and none is lost that can be told', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (story) => {
      const at = makeBackend();
      try {
        await addTestHost(at.client, 1, 'web-1');
        const { snapshots, came, unclear } = kernelStory(story);
        ingestDrain(at.backend, at.hostId('web-1'), snapshots.map(snapshotLine));
        const counts = listStoredFlows(at.backend.workspace.read, NO_FILTER, { limit: 9, offset: 0 }).map((f) => f.connections);
        const stored = counts.reduce((sum, count) => sum + count, 0);
        expect(Math.min(0, ...counts)).toBe(0);
        expect(stored).toBeLessThanOrEqual(came);
        expect(stored).toBeGreaterThanOrEqual(came - unclear);
      } finally {
        await at.close();
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);
