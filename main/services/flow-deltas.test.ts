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
function total(mode: 'test' | 'enforce', counters: readonly { seen: number; refused: number }[]): { accepted: number; refused: number } {
  const baselines = new Map<string, Counter>();
  const sum = { accepted: 0, refused: 0 };
  for (const { seen, refused } of counters) {
    const sets = new Map([
      ['in4', [element(seen)]],
      ['miss_in4', refused === 0 ? [] : [element(refused)]],
    ]);
    const { deltas, baselines: next } = computeDeltas({ sets }, mode, (set, key) => baselines.get(`${set} ${key}`));
    for (const d of deltas) sum[d.verdict === 'accepted' ? 'accepted' : 'refused'] += d.connections;
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
      expect(total('test', [...counters, last])).toEqual({ accepted, refused });
    }),
  );
});

test('an enforcing host counts what it lets in and what it refuses apart', () => {
  const growth = fc.array(fc.record({ seen: fc.nat(50), refused: fc.nat(50) }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(growth, (steps) => {
      const sum = { accepted: 0, refused: 0 };
      const counters = steps.map(({ seen, refused }) => ({ seen: (sum.accepted += seen), refused: (sum.refused += refused) }));
      expect(total('enforce', counters)).toEqual(sum);
    }),
  );
});

test('empty sets give nothing', () => {
  expect(computeDeltas({ sets: new Map() }, 'enforce', () => undefined)).toEqual({ deltas: [], baselines: [] });
});
