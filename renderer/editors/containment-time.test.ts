import { expect, test } from 'vitest';
import type { ContainmentView } from '../../shared/contract/containment.ts';
import { aClosure, aQuarantine } from '../../shared/policy/testing/builders.ts';
import { containmentsOf, remainingText } from './containment-time.ts';

const MINUTE = 60_000;

test.each([
  [4 * 60 * MINUTE, '4 h'],
  [3 * 60 * MINUTE + 12 * MINUTE + 30_000, '3 h 12 min'],
  [26 * 60 * MINUTE + 59 * MINUTE, '1 d 2 h'],
  [MINUTE, '1 min'],
  [59_001, '60 s'],
  [0, ''],
  [-1, ''],
])('%i ms left are told as “%s”', (leftMs, text) => {
  expect(remainingText(1000 + leftMs, 1000)).toBe(text);
});

test('a host has the containments that it holds and that have not ended, its quarantine first', () => {
  const nowMs = Date.UTC(2026, 0, 15, 1);
  const view = (containment: ContainmentView['containment'], change: Partial<ContainmentView> = {}): ContainmentView => ({ containment, text: '', state: 'in-force', hosts: ['h1'], ...change });
  const all = [view(aClosure({ n: 1 })), view(aQuarantine({ n: 2 })), view(aQuarantine({ n: 3 }), { hosts: ['h2'] }), view(aQuarantine({ n: 4 }), { state: 'not-pushed' }), view(aClosure({ n: 5, endsAt: '2026-01-15T00:30:00Z' }))];
  expect(containmentsOf(all, 'h1', nowMs).map(({ containment }) => containment.id)).toEqual(['c_000000000002', 'c_000000000001']);
});
