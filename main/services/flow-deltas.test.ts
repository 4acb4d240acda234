import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Counter, computeDeltas } from './flow-deltas.ts';
import type { SnapshotElement } from './parse-snapshot.ts';

const element = (packets: number): SnapshotElement => ({
  key: 'k',
  peer: '10.0.0.9',
  forwardTo: null,
  protocol: 'tcp',
  port: 443,
  uid: null,
  cgroup: '1',
  packets,
  lastSeenAtMs: 0,
  expiresAtMs: 86_400_000,
});

/** Runs cumulative counters of one element through a row of snapshots and sums what comes out. */
function total(counters: readonly { seen: number; refused: number }[]): { accepted: number; blocked: number } {
  const baselines = new Map<string, Counter>();
  const sum = { accepted: 0, blocked: 0 };
  for (const { seen, refused } of counters) {
    const sets = new Map([
      ['in4', [element(seen)]],
      ['miss_in4', refused === 0 ? [] : [element(refused)]],
    ]);
    const { deltas, baselines: next } = computeDeltas({ sets }, 'enforce', (set, key) => baselines.get(`${set} ${key}`));
    for (const d of deltas) sum[d.verdict === 'blocked' ? 'blocked' : 'accepted'] += d.connections;
    for (const b of next) baselines.set(`${b.set} ${b.key}`, b);
  }
  return sum;
}

test('however the growth of the counters is cut into snapshots, the sums are the same', () => {
  const steps = fc.array(fc.record({ accepted: fc.nat(50), blocked: fc.nat(50), late: fc.nat(3) }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(steps, (growth) => {
      let [seen, refused, accepted] = [0, 0, 0];
      const counters = growth.map((g) => {
        accepted += g.accepted;
        seen += g.accepted + g.blocked;
        refused += g.blocked;
        // The seen set was listed a moment before: a few refusals are in the other set already.
        return { seen: seen - Math.min(g.late, g.blocked), refused };
      });
      const last = { seen, refused };
      expect(total([...counters, last])).toEqual({ accepted, blocked: refused });
    }),
  );
});

test('empty sets give nothing', () => {
  expect(computeDeltas({ sets: new Map() }, 'enforce', () => undefined)).toEqual({ deltas: [], baselines: [] });
});
